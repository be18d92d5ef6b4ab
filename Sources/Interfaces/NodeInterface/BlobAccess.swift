// SPDX-License-Identifier: Apache-2.0
public import Effects
public import Vocabulary

/// Why a blob could not be kept or given.
public enum BlobFailure: Error, Equatable, Sendable {
    /// Neither this node nor any connected peer has it.
    case notFound(Digest)
    /// It is larger than the caller allows.
    case tooLarge(limit: UInt64)
    /// The node's blob space is used up.
    case full(limit: UInt64)
    /// The bytes received do not have the digest; they were dropped.
    case wrongDigest(expected: Digest)
    /// The disk failed.
    case disk(DiskFailure)
}

/// Content-addressed bytes: kept here, fetched from peers when missing.
public protocol BlobAccess: Sendable {
    /// The size of a blob held here.
    func size(of digest: Digest) async -> UInt64?
    /// A blob's bytes, from here or from peers; kept afterwards.
    func bytes(of digest: Digest, limit: UInt64) async throws(BlobFailure) -> [UInt8]
    /// Makes sure a blob is held here, fetching it when needed, and returns its size.
    func fetch(_ digest: Digest, limit: UInt64) async throws(BlobFailure) -> UInt64
    /// Opens a blob held here.
    func open(_ digest: Digest) async throws(BlobFailure) -> any FileReader
    /// Keeps bytes.
    func keep(_ bytes: [UInt8]) async throws(BlobFailure) -> Digest
    /// Starts keeping a stream of bytes of at most `limit`.
    func begin(limit: UInt64) async throws(BlobFailure) -> any BlobWriter
}

/// A blob being received.
public protocol BlobWriter: Sendable {
    /// Appends bytes.
    func append(_ bytes: [UInt8]) async throws(BlobFailure)
    /// Keeps the blob and returns its digest and size.
    func finish() async throws(BlobFailure) -> (digest: Digest, size: UInt64)
    /// Drops what was received.
    func discard() async
}
