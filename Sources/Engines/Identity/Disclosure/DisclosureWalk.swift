// SPDX-License-Identifier: Apache-2.0
import JSONText

/// Puts disclosed claims in the place of their digests (RFC 9901 §7.1, step 3).
struct DisclosureWalk {
    /// How deep disclosures and objects may lie inside one another.
    static let depthMax = CanonicalJSON.documentDepthMax

    /// For each claim that was disclosed, its path, and the disclosures it needs.
    private(set) var chains: [String: [String]] = [:]
    private var waiting: [String: Disclosure] = [:]
    private var seen: Set<String> = []
    private let count: Int
    private var used = 0
    /// The disclosures that the walk stands in, outermost first.
    private var open: [String] = []
    private var path: [String] = []

    init(_ disclosures: [Disclosure]) {
        count = disclosures.count
        for disclosure in disclosures { waiting[disclosure.digest] = disclosure }
    }

    /// The payload with its disclosed claims, without digests.
    ///
    /// Each digest is met once and each disclosure used once, so the work is linear.
    mutating func opened(_ payload: JSON) throws(DisclosureFailure) -> JSON {
        if let algorithm = payload["_sd_alg"], algorithm.text != "sha-256" {
            throw .unknownAlgorithm(algorithm.text ?? "_sd_alg")
        }
        let members = (payload.members ?? []).filter { $0.name != "_sd_alg" }
        let result = try value(.object(members))
        guard used == count else { throw .strayDisclosure }
        return result
    }

    private mutating func value(_ json: JSON) throws(DisclosureFailure) -> JSON {
        guard path.count <= Self.depthMax else { throw .tooLarge("depth") }
        switch json {
        case .null, .bool, .number, .string: return json
        case .array(let elements): return .array(try array(elements))
        case .object(let members): return .object(try object(members))
        }
    }

    private mutating func object(
        _ members: [JSON.Member]
    ) throws(DisclosureFailure) -> [JSON.Member] {
        var result: [JSON.Member] = []
        for member in members where member.name != "_sd" {
            guard member.name != "..." else { throw .badName(member.name) }
            result.append(
                JSON.Member(member.name, try inside(member.name, member.value, of: nil)))
        }
        guard let list = members.first(where: { $0.name == "_sd" })?.value else { return result }
        guard let digests = list.elements else { throw .malformed("_sd") }
        for digest in digests {
            guard let disclosure = try take(digest) else { continue }
            guard let name = disclosure.name else { throw .malformed("_sd") }
            guard !members.contains(where: { $0.name == name }),
                !result.contains(where: { $0.name == name })
            else { throw .badName(name) }
            result.append(
                JSON.Member(name, try inside(name, disclosure.value, of: disclosure)))
        }
        return result
    }

    private mutating func array(_ elements: [JSON]) throws(DisclosureFailure) -> [JSON] {
        var result: [JSON] = []
        for (index, element) in elements.enumerated() {
            guard let digest = element["..."] else {
                result.append(try inside(String(index), element, of: nil))
                continue
            }
            guard element.members?.count == 1 else { throw .malformed("...") }
            guard let disclosure = try take(digest) else { continue }
            guard disclosure.name == nil else { throw .malformed("...") }
            result.append(try inside(String(index), disclosure.value, of: disclosure))
        }
        return result
    }

    /// A value in its place, and the disclosure it came by, if any.
    private mutating func inside(
        _ name: String, _ json: JSON, of disclosure: Disclosure?
    ) throws(DisclosureFailure) -> JSON {
        path.append(SelectiveCredential.pathPart(name))
        if let disclosure {
            open.append(disclosure.text)
            chains[path.joined(separator: "/")] = open
        }
        let result = try value(json)
        if disclosure != nil { open.removeLast() }
        path.removeLast()
        return result
    }

    /// The disclosure of a digest; nothing for one that is kept, or a decoy.
    private mutating func take(_ digest: JSON) throws(DisclosureFailure) -> Disclosure? {
        guard let text = digest.text else { throw .malformed("_sd") }
        guard seen.insert(text).inserted else { throw .duplicateDigest }
        guard let disclosure = waiting[text] else { return nil }
        used += 1
        return disclosure
    }
}
