// SPDX-License-Identifier: Apache-2.0

extension ImageFailure {
    /// The failure in one line.
    public var words: String {
        switch self {
        case .badDocument(let name, let reason): "the \(name) is malformed: \(reason)"
        case .wrongDigest(let expected, let found):
            "content called \(expected) is \(found); it was thrown away"
        case .wrongSize(let digest, let expected, let found):
            "\(digest) has \(found) bytes instead of \(expected)"
        case .tooLarge(let what, let limit): "\(what): more than \(limit)"
        case .badLayer(let entry, let reason):
            "a layer cannot be unpacked: " + (entry.isEmpty ? "" : "'\(entry)': ") + reason
        case .busy(let path): "another process is writing '\(path)'"
        case .failed(let path, _, let message): "'\(path)': \(message)"
        case .refused(let status, let message): "the registry refused (\(status)): \(message)"
        case .badReference(let text, let reason): "'\(text)' is no image's name: \(reason)"
        case .badDigest(let text): "'\(text)' is no digest: sha256: and 64 digits"
        case .notFound(let what): "there is no \(what)"
        case .noPlatform(let platform, _): "the image is not made for \(platform)"
        case .full(let path): "the disk of '\(path)' is full"
        case .unauthorized(let words), .registry(let words): words
        }
    }
}
