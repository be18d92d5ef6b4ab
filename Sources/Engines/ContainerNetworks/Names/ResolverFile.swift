// SPDX-License-Identifier: Apache-2.0

/// What `/etc/resolv.conf` says.
///
/// Source: `man 5 resolv.conf`.
public struct ResolverFile: Hashable, Sendable {
    /// Who is asked, in this order.
    public var servers: [IPAddress]
    /// What is put behind short names.
    public var search: [String]
    /// How it is asked.
    public var options: [String]

    /// The most servers, domains and options that are read; the C library takes 3 and 6 of the
    /// first two.
    public static let listMax = 16
    /// The longest file that is read.
    public static let bytesMax = 65_536

    /// Joins the parts.
    public init(servers: [IPAddress] = [], search: [String] = [], options: [String] = []) {
        self.servers = servers
        self.search = search
        self.options = options
    }

    /// Reads a file; what it does not understand it passes over, as the C library does.
    public init(_ text: String) {
        self.init()
        for line in text.prefix(Self.bytesMax).split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard let first = words.first, !first.hasPrefix("#"), !first.hasPrefix(";") else {
                continue
            }
            let rest = Array(words.dropFirst().prefix(Self.listMax))
            switch first {
            case "nameserver":
                let plain = rest.first?.split(separator: "%").first.map(String.init)
                if let address = plain.flatMap({ IPAddress($0) }), servers.count < Self.listMax {
                    servers.append(address)
                }
            case "search", "domain": search = rest
            case "options": options = Array((options + rest).prefix(Self.listMax))
            default: continue
            }
        }
    }

    /// The file.
    public var text: String {
        var lines = servers.map { "nameserver \($0)" }
        if !search.isEmpty { lines.append("search \(search.joined(separator: " "))") }
        if !options.isEmpty { lines.append("options \(options.joined(separator: " "))") }
        return lines.map { $0 + "\n" }.joined()
    }
}
