// SPDX-License-Identifier: Apache-2.0
#if DEBUG || TESTABLE
    import Consensus
    import Effects
    @testable import NodeAssembly
    import SimulatedEffects
    import Vocabulary

    extension FuzzTarget {
        /// An archive from a stranger (ARCHIVE-6, ARCHIVE-7). The first byte says what follows: the
        /// bytes of a file, or pieces that are sealed here, for else no input would come past the
        /// first seal.
        static let archive = FuzzTarget("archive", samples: archives) { bytes in
            guard let mode = bytes.first else { return }
            let rest = Array(bytes.dropFirst())
            let pieces = mode & 1 == 1 ? ArchivePiece.all(in: rest) : nil
            let file = pieces.map(ArchivePiece.sealed) ?? rest
            let (read, kept) = ArchiveTrial(file: file).run()
            precondition(
                read.isEmpty || file.starts(with: ArchivePiece.sealed(read)),
                "what is read lies in the file, under its seals")
            if let pieces {
                let known = pieces.prefix { ArchiveFrame.Kind(rawValue: $0.kind) != nil }
                precondition(read == Array(known), "pieces are read as they were written")
            }
            let genuine = SampleChain.shared.history.map(\.block.hash)
            precondition(
                kept.map(\.block.hash) == Array(genuine.prefix(kept.count)),
                "nothing is taken that the validators did not make final")
        }

        @Sendable private static func archives() -> [[UInt8]] {
            let chain = SampleChain.shared
            let end = ArchiveFrame.End(
                blocks: UInt64(chain.history.count), last: chain.blocks[2].hash)
            let pieces =
                [ArchivePiece(kind: 1, body: chain.genesis.json.bytes)]
                + chain.history.map { ArchivePiece(kind: 2, body: $0.canonicalBytes) }
                + [ArchivePiece(kind: 0, body: end.canonicalBytes)]
            return [[0] + ArchivePiece.sealed(pieces), [1] + pieces.flatMap(\.loose)]
        }
    }

    extension SampleChain {
        /// All its blocks, final.
        var history: [FinalizedBlock] {
            blocks.map { block in
                let final = certificate(.final(block.header.slot, block.hash))
                return FinalizedBlock(block: block, proof: FinalityProof(certificate: final))
            }
        }
    }

    /// A piece of an archive, of any kind.
    private struct ArchivePiece: Equatable, Sendable {
        let kind: UInt8
        let body: [UInt8]

        /// As an input writes it: kind, length in two bytes, body.
        var loose: [UInt8] {
            [
                kind, UInt8(truncatingIfNeeded: body.count),
                UInt8(truncatingIfNeeded: body.count >> 8),
            ]
                + body
        }

        /// Any bytes are pieces; the last may be cut off.
        static func all(in bytes: [UInt8]) -> [ArchivePiece] {
            var pieces: [ArchivePiece] = []
            var rest = bytes[...]
            while rest.count >= 3 {
                let head = Array(rest.prefix(3))
                rest = rest.dropFirst(3)
                let body = Array(rest.prefix(Int(head[1]) | Int(head[2]) << 8))
                rest = rest.dropFirst(body.count)
                pieces.append(ArchivePiece(kind: head[0], body: body))
            }
            return pieces
        }

        /// The file of these pieces.
        static func sealed(_ pieces: [ArchivePiece]) -> [UInt8] {
            var seal = ArchiveFrame.Seal()
            var file = ArchiveFrame.mark
            for piece in pieces {
                let length = UInt32(piece.body.count)
                let header =
                    [piece.kind] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
                file += header + piece.body + seal.advance(header: header, body: piece.body)
            }
            return file
        }
    }

    /// Reads one file piece by piece, and then as a whole into a log, in a world of its own.
    private struct ArchiveTrial {
        let file: [UInt8]

        private static let path = "archive"

        func run() -> (read: [ArchivePiece], kept: [FinalizedBlock]) {
            let world = SimulatedWorld(seed: 1)
            let effects = world.makeNode("reader")
            let log = MemoryLog()
            let read = world.run(on: "reader", effects) { [file] effects in
                guard (try? await effects.disk.replace(Self.path, with: file)) != nil,
                    let reader = try? await effects.disk.open(Self.path)
                else { preconditionFailure("a simulated disk takes a file") }
                let pieces = await Self.pieces(of: reader)
                _ = try? await LedgerImport(genesis: SampleChain.shared.genesis, effects: effects)
                    .read(Self.path, into: log)
                return pieces
            }
            let kept = world.run(on: "reader", effects) { _ in await log.records }
            guard let read, let kept else { preconditionFailure("reading comes to an end") }
            let blocks = kept.compactMap { try? FinalizedBlock(canonicalBytes: $0) }
            precondition(blocks.count == kept.count, "what is kept reads")
            return (read, blocks)
        }

        private static func pieces(of file: any FileReader) async -> [ArchivePiece] {
            var pieces: [ArchivePiece] = []
            guard var reader = try? await ArchiveReader(file) else { return [] }
            while let piece = try? await reader.next() {
                pieces.append(ArchivePiece(kind: piece.kind.rawValue, body: piece.body))
            }
            return pieces
        }
    }

    /// A log in memory.
    private actor MemoryLog: RecordLog {
        private(set) var records: [[UInt8]] = []

        var first: UInt64 { 0 }
        var end: UInt64 { UInt64(records.count) }

        func append(_ records: [[UInt8]]) async throws(DiskFailure) { self.records += records }

        func read(
            from index: UInt64, count: Int, bytesMax: Int
        ) async throws(DiskFailure) -> [[UInt8]] {
            Array(records.dropFirst(Int(index)).prefix(count))
        }

        func prune(before index: UInt64) async throws(DiskFailure) {}

        func close() async {}
    }
#endif
