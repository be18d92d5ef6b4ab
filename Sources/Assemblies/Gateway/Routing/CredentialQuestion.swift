// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Identity
import JSONText

/// What a request about credentials carries, read within the limits of IDENTITY-1.
struct CredentialQuestion: Sendable {
    /// The most bytes of a request: 1 MiB.
    static let bodyBytesMax = UInt64(CanonicalJSON.documentBytesMax)
    /// The most lists, and the most accreditations, that one request brings.
    static let evidenceMax = 16

    /// The whole body.
    let json: JSON
    /// Its member `options`, or nothing in it.
    let options: JSON

    /// Reads the body of a request.
    ///
    /// - Throws: ``GatewayProblem/malformedBody`` with the member at fault.
    init(_ bytes: [UInt8]) throws(Problem) {
        do {
            json = try CanonicalJSON.read(bytes)
        } catch {
            throw GatewayProblem.malformedBody.problem("the body is not read: \(error)")
        }
        guard json.members != nil else { throw Self.malformed("", "must be an object") }
        options = json["options"] ?? [:]
        guard options.members != nil else { throw Self.malformed("/options", "must be an object") }
    }

    /// A member that must be there.
    func member(_ name: String) throws(Problem) -> JSON {
        guard let value = json[name] else { throw Self.malformed("/\(name)", "is missing") }
        return value
    }

    /// A text of the options that must be there.
    func text(_ name: String) throws(Problem) -> String {
        guard let text = options[name]?.text else {
            throw Self.malformed("/options/\(name)", "must be a text")
        }
        return text
    }

    /// The policy that the caller wants, or nothing.
    func policy() throws(Problem) -> TrustPolicy? {
        guard let json = options["policy"] else { return nil }
        do {
            return try TrustPolicy(reading: json)
        } catch {
            throw Self.malformed("/options/policy", "is not understood: \(error)")
        }
    }

    /// Documents that the caller brings, such as status lists.
    func documents(_ name: String) throws(Problem) -> [JSON] {
        guard let value = options[name] else { return [] }
        guard let elements = value.elements, elements.count <= Self.evidenceMax else {
            throw Self.malformed(
                "/options/\(name)", "must be a list of at most \(Self.evidenceMax)")
        }
        return elements
    }

    static func malformed(_ pointer: String, _ reason: String) -> Problem {
        GatewayProblem.malformedBody.problem(
            "\(pointer.isEmpty ? "the body" : pointer) \(reason)",
            members: [("pointer", .text(pointer))])
    }
}
