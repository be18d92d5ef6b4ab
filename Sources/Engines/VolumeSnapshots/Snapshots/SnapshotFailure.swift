// SPDX-License-Identifier: Apache-2.0

/// Why a snapshot cannot be made, read or put back.
public enum SnapshotFailure: Error, Equatable, Sendable {
    /// A path is not there.
    case notFound(String)
    /// No space is left; chunks that were stored stay usable.
    case full(String)
    /// Another process collects what nobody needs from this store.
    case busy(String)
    /// The system refuses, with its number.
    case failed(path: String, errno: Int32)
    /// A chunk is not in the store.
    case missing(ChunkID)
    /// A chunk is not what its name says: other bytes, another key, or cut off.
    case damaged(ChunkID)
    /// A chunk opens and holds something else than its place needs.
    case malformed(String)
    /// A snapshot would write outside the folder it is put into, or make what may not be made.
    case hostile(path: String, reason: String)
    /// More of something than is taken, with the limit.
    case tooLarge(String, limit: UInt64)
    /// Something stands where a snapshot is to be put.
    case occupied(String)
}
