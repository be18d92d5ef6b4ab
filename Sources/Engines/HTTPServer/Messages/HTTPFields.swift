// SPDX-License-Identifier: Apache-2.0

/// One header field: a name in any case, and a value.
public struct HTTPField: Hashable, Sendable {
    /// The name as written.
    public let name: String
    /// The value without white space round it.
    public let value: String

    /// Joins name and value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether name and value can stand on one line without making another (RFC 9110 section 5).
    ///
    /// Checked before any field is sent, so that no value read from a stranger can add a field or
    /// end a head (HTTP-20).
    public var isSafe: Bool { HTTPSyntax.isToken(name) && HTTPSyntax.isFieldValue(value) }
}

/// Header fields in the order written. Names are compared without regard to ASCII case.
public struct HTTPFields: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// The fields in order.
    public private(set) var all: [HTTPField] = []

    /// No fields.
    public init() {}

    /// The fields of a literal, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        all = elements.map { HTTPField($0.0, $0.1) }
    }

    /// The first value of a name; setting replaces all fields of the name by one, or by none.
    public subscript(_ name: String) -> String? {
        get { all.first { HTTPSyntax.equalNames($0.name, name) }?.value }
        set {
            all.removeAll { HTTPSyntax.equalNames($0.name, name) }
            if let newValue { all.append(HTTPField(name, newValue)) }
        }
    }

    /// Every value of a name, in order.
    public func values(_ name: String) -> [String] {
        all.filter { HTTPSyntax.equalNames($0.name, name) }.map(\.value)
    }

    /// Adds a field beside those of the same name.
    public mutating func add(_ name: String, _ value: String) {
        all.append(HTTPField(name, value))
    }

    /// Whether a comma-separated field holds a token, in any case (RFC 9110 section 5.6.1).
    func contains(token: String, in name: String) -> Bool {
        values(name).contains { value in
            value.split(separator: ",").contains { part in
                HTTPSyntax.equalNames(String(HTTPSyntax.trimmed(part)), token)
            }
        }
    }
}
