// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A name with a value: a variable, a label, an attribute.
public struct NamedText: Hashable, Sendable, CanonicalCodable {
    /// The name.
    public let name: String
    /// The value.
    public let value: String

    /// Joins name and value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.writeText(value)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readValue()
        value = try decoder.readValue()
    }
}

extension CanonicalEncoder {
    /// Appends a length, then each text.
    mutating func writeTexts(_ texts: [String]) {
        writeLength(texts.count)
        for text in texts { writeText(text) }
    }

    /// Appends a flag, then the text when there is one.
    mutating func writeOptionalText(_ text: String?) {
        write(text != nil)
        if let text { writeText(text) }
    }

    /// Appends a flag, then the integer when there is one.
    mutating func writeOptionalInteger(_ value: (some FixedWidthInteger)?) {
        write(value != nil)
        if let value { write(value) }
    }
}

extension CanonicalDecoder {
    /// Reads a name of at most 63 bytes.
    mutating func readName() throws(CanonicalError) -> String {
        let text = try readText(limit: DeploymentLimits.nameBytesMax)
        guard DeploymentName.isSound(text) else { throw .outOfRange("DeploymentName") }
        return text
    }

    /// Reads a text of at most 32 KiB.
    mutating func readValue() throws(CanonicalError) -> String {
        try readText(limit: DeploymentLimits.valueBytesMax)
    }

    /// Reads a list of texts.
    mutating func readTexts() throws(CanonicalError) -> [String] {
        let count = try readLength(limit: DeploymentLimits.entriesMax)
        var texts: [String] = []
        for _ in 0..<count { try texts.append(readValue()) }
        return texts
    }

    /// Reads a list of a service.
    mutating func readEntries<Entry: CanonicalCodable>() throws(CanonicalError) -> [Entry] {
        try readList(limit: DeploymentLimits.entriesMax)
    }

    /// Reads a flag, then a list of texts when it is set.
    mutating func readOptionalTexts() throws(CanonicalError) -> [String]? {
        try readFlag() ? try readTexts() : nil
    }

    /// Reads a flag, then a text when it is set.
    mutating func readOptionalText() throws(CanonicalError) -> String? {
        try readFlag() ? try readValue() : nil
    }

    /// Reads a flag, then an integer when it is set.
    mutating func readOptionalInteger<Value: FixedWidthInteger>() throws(CanonicalError) -> Value? {
        try readFlag() ? try read(Value.self) : nil
    }
}

/// What services, volumes, networks, secrets and configs may be called.
public enum DeploymentName {
    /// Whether a name has 1 to 63 letters, digits, '.', '_' and '-', the first a letter or digit.
    public static func isSound(_ name: String) -> Bool {
        guard (1...DeploymentLimits.nameBytesMax).contains(name.utf8.count),
            let first = name.utf8.first, isLetterOrDigit(first)
        else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
