// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// How a registry wants a client to prove itself: a `WWW-Authenticate` field (RFC 9110 section
/// 11.6.1; the distribution project's token authentication).
enum Challenge: Hashable {
    /// Name and password with each request.
    case basic
    /// A token, fetched at an address for a service and perhaps a scope.
    case bearer(realm: String, service: String?, scope: String?)

    /// The first challenge of a field that this house can answer.
    init?(_ field: String) {
        let text = Substring(field.prefix(4_096))
        let scheme = text.prefix { $0 != " " }.lowercased()
        if scheme == "basic" {
            self = .basic
            return
        }
        guard scheme == "bearer" else { return nil }
        let parameters = Self.parameters(text.dropFirst(scheme.count))
        guard let realm = parameters["realm"] else { return nil }
        self = .bearer(
            realm: realm, service: parameters["service"], scope: parameters["scope"])
    }

    // name="value", with commas between; a value may hold commas and escaped quotes.
    private static func parameters(_ text: Substring) -> [String: String] {
        var rest = text
        var found: [String: String] = [:]
        while found.count < 16 {
            rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
            let name = rest.prefix { $0 != "=" && $0 != " " }
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.first == "=" else { break }
            rest = rest.dropFirst()
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let letter = rest.popFirst(), letter != "\"" {
                    if letter == "\\", let next = rest.popFirst() {
                        value.append(next)
                    } else {
                        value.append(letter)
                    }
                }
            } else {
                let token = rest.prefix { $0 != "," && $0 != " " }
                value = String(token)
                rest = rest.dropFirst(token.count)
            }
            found[name.lowercased()] = value
        }
        return found
    }
}

/// Texts as parts of an address.
enum AddressText {
    /// An address with one more query parameter.
    static func adding(_ name: String, _ value: String, to address: String) -> String {
        address + (address.contains("?") ? "&" : "?") + name + "=" + PercentEncoding.encode(value)
    }

    /// Scheme, host and port of an address, to tell whether two lead to the same server.
    static func origin(_ address: String) -> Substring {
        guard let scheme = address.firstRange(of: "://") else { return "" }
        let end = address[scheme.upperBound...].firstIndex { $0 == "/" || $0 == "?" }
        return address[..<(end ?? address.endIndex)]
    }

    /// Where a `Location` leads, seen from the address it came from; nothing for other schemes.
    static func resolve(_ location: String, from address: String) -> String? {
        if location.hasPrefix("http://") || location.hasPrefix("https://") { return location }
        if location.hasPrefix("//") {
            return address.prefix { $0 != "/" } + location
        }
        if location.hasPrefix("/") { return origin(address) + location }
        return nil
    }
}
