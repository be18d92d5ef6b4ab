// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// Why a text is no policy.
public enum PolicyFailure: Error, Hashable, Sendable {
    /// The member is missing, unknown, or has another form.
    case malformed(String)
    /// More types or issuers than ``TrustPolicy/issuersMax``.
    case tooMany
}

extension TrustPolicy {
    /// The most types that a written policy names, and the most issuers of one type.
    public static let issuersMax = 1_024
    /// The longest time of a written policy: a year.
    static let secondsMax: Int64 = 31_622_400

    /// The policy as text; types and issuers in their order.
    public var json: JSON {
        let types = issuers.sorted { $0.key < $1.key }.map { type, issuers in
            JSON.Member(type, .array(issuers.map(\.description).sorted().map { .string($0) }))
        }
        return [
            "issuers": .object(types), "chainDepth": JSON(chainDepthMax),
            "requiresStatus": .bool(requiresStatus), "statusSeconds": JSON(statusSecondsMax),
            "presentationSeconds": JSON(presentationSecondsMax),
            "skewSeconds": JSON(skewSecondsMax),
            "requiresHolderIsSubject": .bool(requiresHolderIsSubject),
        ]
    }

    /// Reads a policy. What is left out is as usual; what is not known is refused, since a policy
    /// that was mistyped would trust more than its writer meant.
    ///
    /// - Throws: ``PolicyFailure``.
    public init(reading json: JSON) throws(PolicyFailure) {
        guard let members = json.members else { throw .malformed("policy") }
        self.init(issuers: [:])
        for member in members { try take(member) }
    }

    private mutating func take(_ member: JSON.Member) throws(PolicyFailure) {
        let value = member.value
        switch member.name {
        case "issuers": issuers = try Self.issuers(value)
        case "chainDepth":
            chainDepthMax = Int(try Self.number(member, 0...Int64(Self.chainDepthLimit)))
        case "requiresStatus": requiresStatus = try Self.flag(member)
        case "statusSeconds": statusSecondsMax = try Self.number(member, 0...Self.secondsMax)
        case "presentationSeconds":
            presentationSecondsMax = try Self.number(member, 0...Self.secondsMax)
        case "skewSeconds": skewSecondsMax = try Self.number(member, 0...Self.secondsMax)
        case "requiresHolderIsSubject": requiresHolderIsSubject = try Self.flag(member)
        default: throw .malformed(member.name)
        }
    }

    private static func number(
        _ member: JSON.Member, _ range: ClosedRange<Int64>
    ) throws(PolicyFailure) -> Int64 {
        guard let number = member.value.signed, range.contains(number) else {
            throw .malformed(member.name)
        }
        return number
    }

    private static func flag(_ member: JSON.Member) throws(PolicyFailure) -> Bool {
        guard let flag = member.value.flag else { throw .malformed(member.name) }
        return flag
    }

    private static func issuers(_ json: JSON) throws(PolicyFailure) -> [String: Set<DID>] {
        guard let types = json.members else { throw .malformed("issuers") }
        guard types.count <= issuersMax else { throw .tooMany }
        var issuers: [String: Set<DID>] = [:]
        for type in types {
            guard let texts = type.value.elements else { throw .malformed(type.name) }
            guard texts.count <= issuersMax else { throw .tooMany }
            let names = texts.compactMap { $0.text.flatMap { DID($0) } }
            guard names.count == texts.count else { throw .malformed(type.name) }
            issuers[type.name] = Set(names)
        }
        return issuers
    }
}
