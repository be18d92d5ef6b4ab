// SPDX-License-Identifier: Apache-2.0

/// Why an announcement is not told.
public enum ServiceRefusal: Error, Hashable, Sendable {
    /// It is not believed.
    case announcement(AnnouncementRefusal)
    /// It is not kept.
    case directory(DirectoryRefusal)

    /// The stable name for people.
    public var name: String {
        switch self {
        case .announcement(let refusal): "\(refusal)"
        case .directory(.contradicts): "contradicts"
        case .directory(let refusal): "\(refusal)"
        }
    }
}
