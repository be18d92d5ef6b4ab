// SPDX-License-Identifier: Apache-2.0

/// What a client asks a registry, for whoever carries it there.
public struct RegistryRequest: Sendable {
    /// What follows the head.
    public enum Body: Sendable {
        /// Nothing.
        case none
        /// These bytes.
        case bytes([UInt8])
        /// A whole file.
        case file(path: String, size: Int64)
    }

    /// `GET`, `HEAD`, `POST`, `PUT` or `PATCH`.
    public var method: String
    /// The whole address, with its scheme.
    public var address: String
    /// Header fields, names in lower case.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: Body

    /// Describes a request.
    public init(
        _ method: String, _ address: String, fields: [(name: String, value: String)] = [],
        body: Body = .none
    ) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
    }
}

/// What a registry answered; the body is fetched as it is read.
public protocol RegistryAnswer: Sendable {
    /// The status.
    var status: Int { get }
    /// The value of a header field by its name in lower case.
    func field(_ name: String) -> String?
    /// The next bytes of the body; none at its end.
    ///
    /// - Throws: ``ImageFailure/registry(_:)`` when the connection ends before the body does.
    func next() async throws(ImageFailure) -> [UInt8]
    /// Lets go of the rest.
    func close() async
}

/// Whoever carries requests to registries: HTTP over TCP or TLS, or a test.
public protocol RegistryTransport: Sendable {
    /// Sends a request and gives the answer as soon as its head is there. Redirects are answers.
    ///
    /// - Throws: ``ImageFailure/registry(_:)`` when there is no answer.
    func send(_ request: RegistryRequest) async throws(ImageFailure) -> any RegistryAnswer
    /// Waits, between one try and the next.
    func pause(milliseconds: UInt64) async
}
