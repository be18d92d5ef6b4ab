// SPDX-License-Identifier: Apache-2.0
import JSONText

/// A value of a configuration that knows where it stands, so that what is wrong with it can be said
/// (RUNTIME-4). What is null counts as absent, as the programs that write configurations mean it.
struct ConfigurationField {
    /// Where a field stands; its text is put together only for a refusal.
    indirect enum Place {
        case top
        case member(Place, String)
        case element(Place, Int)

        var text: String {
            switch self {
            case .top: ""
            case .member(.top, let name): name
            case .member(let outer, let name): "\(outer.text).\(name)"
            case .element(let outer, let index): "\(outer.text)[\(index)]"
            }
        }
    }

    let value: JSON
    let place: Place

    init(_ value: JSON, at place: Place = .top) {
        self.value = value
        self.place = place
    }

    /// A refusal of this field.
    func refused(_ reason: String) -> RuntimeFailure {
        let text = place.text
        return .field(text.isEmpty ? "configuration" : text, reason)
    }

    /// A member that may be absent.
    subscript(_ name: String) -> ConfigurationField? {
        guard let found = value[name], found != .null else { return nil }
        return ConfigurationField(found, at: .member(place, name))
    }

    /// A member that must be there.
    func needed(_ name: String) throws(RuntimeFailure) -> ConfigurationField {
        guard let found = self[name] else {
            throw ConfigurationField(.null, at: .member(place, name)).refused("is missing")
        }
        return found
    }

    /// Refuses a value that is not an object.
    func isObject() throws(RuntimeFailure) {
        guard value.members != nil else { throw refused("is not an object") }
    }

    // MARK: - Values

    /// A text without the byte 0, which no system call could take.
    func text(bytesMax: Int = RuntimeLimits.textBytesMax) throws(RuntimeFailure) -> String {
        guard let text = value.text else { throw refused("is not a string") }
        guard text.utf8.count <= bytesMax else {
            throw refused("is longer than \(bytesMax) bytes")
        }
        guard !text.utf8.contains(0) else { throw refused("holds a zero byte") }
        return text
    }

    func flag() throws(RuntimeFailure) -> Bool {
        guard let flag = value.flag else { throw refused("is neither true nor false") }
        return flag
    }

    /// A whole number within bounds.
    func integer(_ range: ClosedRange<Int64>) throws(RuntimeFailure) -> Int64 {
        guard let number = value.signed, range.contains(number) else {
            throw refused(
                "is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A whole number that is not negative, up to 2^64 - 1.
    func unsigned() throws(RuntimeFailure) -> UInt64 {
        guard let number = value.unsigned else {
            throw refused("is not a whole number from 0 to 18446744073709551615")
        }
        return number
    }

    /// An identifier of a user, a group, or a size of a range of them.
    func identifier() throws(RuntimeFailure) -> UInt32 {
        UInt32(try integer(0...Int64(UInt32.max - 1)))
    }

    /// The elements of a list.
    func list(max: Int = RuntimeLimits.listMax) throws(RuntimeFailure) -> [ConfigurationField] {
        guard let elements = value.elements else { throw refused("is not a list") }
        guard elements.count <= max else { throw refused("has more than \(max) elements") }
        return elements.enumerated().map {
            ConfigurationField($0.element, at: .element(place, $0.offset))
        }
    }

    /// A list of texts.
    func texts(max: Int = RuntimeLimits.listMax) throws(RuntimeFailure) -> [String] {
        guard let elements = value.elements else { throw refused("is not a list") }
        guard elements.count <= max else { throw refused("has more than \(max) elements") }
        var texts: [String] = []
        texts.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let text = element.text, text.utf8.count <= RuntimeLimits.textBytesMax,
                !text.utf8.contains(0)
            else {
                let field = ConfigurationField(element, at: .element(place, index))
                texts.append(try field.text())
                continue
            }
            texts.append(text)
        }
        return texts
    }

    /// The members of an object that is a map from names to texts.
    func textMap() throws(RuntimeFailure) -> [(name: String, value: String)] {
        guard let members = value.members else { throw refused("is not an object") }
        guard members.count <= RuntimeLimits.listMax else {
            throw refused("has more than \(RuntimeLimits.listMax) members")
        }
        var map: [(name: String, value: String)] = []
        for member in members {
            let field = ConfigurationField(member.value, at: .member(place, member.name))
            map.append((member.name, try field.text()))
        }
        return map
    }

    /// A path that begins at the root.
    func absolutePath() throws(RuntimeFailure) -> String {
        let path = try text(bytesMax: RuntimeLimits.pathBytesMax)
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw refused("\"\(path)\" does not begin with /")
        }
        return path
    }
}
