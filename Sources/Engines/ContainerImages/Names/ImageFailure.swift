// SPDX-License-Identifier: Apache-2.0

/// Why images could not be read, fetched or stored. Nothing that was whole before is lost.
public enum ImageFailure: Error, Hashable, Sendable {
    /// Text that is not a digest this house knows.
    case badDigest(String)
    /// Text that is not a reference; the words name the rule it breaks.
    case badReference(String, reason: String)
    /// A document with something wrong in it: which, and what.
    case badDocument(String, reason: String)
    /// Content whose hash is another than its name.
    case wrongDigest(expected: ContentDigest, found: ContentDigest)
    /// Content of another size than was said.
    case wrongSize(ContentDigest, expected: Int64, found: Int64)
    /// More than a limit of ``ImageLimits``; the words name it.
    case tooLarge(String, limit: Int64)
    /// A layer with something in it that is not unpacked: the entry, and why.
    case badLayer(entry: String, reason: String)
    /// Nothing of this name is here.
    case notFound(String)
    /// No manifest of an index fits the platform.
    case noPlatform(Platform, offered: [Platform])
    /// Somebody else holds the store.
    case busy(path: String)
    /// No space is left; what was being written is gone, what was whole stays.
    case full(path: String)
    /// The system refused: the path, its number, and its words.
    case failed(path: String, errno: Int32, message: String)
    /// The registry refused: the status, and its own words.
    case refused(status: Int, message: String)
    /// The registry asks for a name and password, or those given are wrong.
    case unauthorized(String)
    /// What the registry says makes no sense, or it could not be reached.
    case registry(String)
}
