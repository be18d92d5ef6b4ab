// SPDX-License-Identifier: Apache-2.0
public import ContainerImages

/// What a person asks of a build besides its Dockerfile.
public struct BuildRequest: Sendable {
    /// The network of commands.
    public enum Network: String, Sendable {
        /// None: what a build needs is in its context and its images.
        case none
        /// The machine's.
        case host
    }

    /// Values of the Dockerfile's ARGs.
    public var arguments: [String: String] = [:]
    /// The stage that is wanted, by name or number; nil for the last.
    public var target: String?
    /// Whether steps are done though their results are known.
    public var skipsCache = false
    /// Whether images are asked of their registries though they are here.
    public var pulls = false
    /// Labels the image gets besides the Dockerfile's, in order.
    public var labels: [(name: String, value: String)] = []
    /// What is built for.
    public var platform = Platform.current
    /// What RUN reaches unless it says otherwise.
    public var network = Network.none
    /// The time of everything in the image, in seconds since 1970: with it the same input gives the
    /// same bytes. Nil for the time of the build.
    public var timestamp: Int64?

    /// Everything as usual.
    public init() {}

    /// The argument that sets ``timestamp`` (reproducible-builds.org, "SOURCE_DATE_EPOCH").
    public static let timestampArgument = "SOURCE_DATE_EPOCH"

    /// The time that ``timestamp`` or the argument says.
    ///
    /// - Throws: ``BuildFailure`` for an argument that is no number of seconds.
    func moment() throws(BuildFailure) -> Int64? {
        if let timestamp { return timestamp }
        guard let text = arguments[Self.timestampArgument], !text.isEmpty else { return nil }
        guard let seconds = Int64(text), (0...253_402_300_799).contains(seconds) else {
            throw BuildFailure(
                "\(Self.timestampArgument)=\(text) is no number of seconds since 1970")
        }
        return seconds
    }
}
