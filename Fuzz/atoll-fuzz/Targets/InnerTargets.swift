// SPDX-License-Identifier: Apache-2.0
#if DEBUG || TESTABLE
    import Cryptography
    import Consensus
    import Effects
    import Ledger
    @testable import NodeAssembly
    @testable import PeerNetwork
    import StateTree
    import Vocabulary
    @testable import WebAssemblyEngine

    extension FuzzTarget {
        /// What only a module itself sees; only builds for tests have a door to it.
        static let inner: [FuzzTarget] = [
            FuzzTarget("sync-messages", of: syncMessages),
            FuzzTarget("records", of: records + epochRecords),
            archive,
            FuzzTarget("wasm-module", samples: modules) { bytes in
                _ = try? ModuleShape.check(bytes)
            },
            FuzzTarget("frames", samples: { frames }) { bytes in
                var assembler = FrameAssembler(messageBytesMax: 1 << 16)
                var frames: [Frame] = []
                for record in bytes.split(separator: 0xff, maxSplits: 8) {
                    do throws(DisconnectReason) {
                        try assembler.receive(Array(record), into: &frames)
                    } catch { return }
                }
                precondition(
                    frames.allSatisfy { $0.bytes.count <= 1 << 16 + 64 }, "frames are bounded")
            },
            FuzzTarget("noise-handshake", samples: handshakes, take: shakeHands),
        ]

        /// What nodes ask of each other, and what they hear first.
        private static let syncMessages: [FuzzTarget] = [
            FuzzTarget("blob-request", BlobRequest.self) {
                [BlobRequest(digest: .zero, offset: 5, count: 100)]
            },
            FuzzTarget("blob-range", BlobRange.self) { [BlobRange(size: 9, bytes: [1, 2, 3])] },
            FuzzTarget("sync-request", SyncRequest.self) {
                [
                    .standing, .manifest(BlockHeight(8)), .index(BlockHeight(8), page: 1),
                    .chunk(BlockHeight(8), part: 2), .block(BlockHeight(9)), .epoch(Epoch(1)),
                ]
            },
            FuzzTarget("sync-standing", SyncStanding.self) {
                let offer = SnapshotOffer(height: BlockHeight(8), root: .zero, index: .zero)
                return [
                    SyncStanding(height: BlockHeight(9), oldest: BlockHeight(1), offers: [offer])
                ]
            },
            FuzzTarget("index-page", IndexPage.self) { [IndexPage(parts: [])] },
            FuzzTarget("snapshot-manifest", SnapshotManifest.self) { [manifest] },
            FuzzTarget("peer-introduction", samples: introductions) { bytes in
                _ = try? PeerIntroduction(bytes)
            },
        ]

        private static var manifest: SnapshotManifest {
            let final = SampleChain.shared.finalized[1]
            return SnapshotManifest(
                height: BlockHeight(8), root: .zero, index: SnapshotIndex(parts: []),
                header: final.block.header, finality: final.proof)
        }

        /// What a node knows of epochs.
        private static let epochRecords: [FuzzTarget] = [
            FuzzTarget(
                "epoch-record", EpochRecord.self, samples: { [epochRecord] },
                check: { record in
                    let genesis = SampleChain.shared.genesis
                    guard let schedule = try? ValidatorSchedule(of: genesis) else { return }
                    if record.ends(schedule) { try? record.verify(in: schedule) }
                }),
            FuzzTarget("checkpoint-note", CheckpointNote.self) {
                [
                    CheckpointNote(height: BlockHeight(8), root: .zero, next: nil),
                    CheckpointNote(height: BlockHeight(16), root: .zero, next: epochRecord.next),
                ]
            },
        ]

        private static var epochRecord: EpochRecord {
            let chain = SampleChain.shared
            let final = chain.finalized
            let next = ProvenValue(
                height: BlockHeight(8), root: .zero, module: NextValidators.module,
                key: NextValidators.key, value: [1], proof: chain.stateProof)
            return EpochRecord(
                final[1].block.header, on: final[0].block.header, final[1].proof, next: next,
                after: chain.validators)
        }

        /// The header, a type of one parameter, and a function with a loop and locals.
        @Sendable private static func modules() -> [[UInt8]] {
            let header: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
            let types: [UInt8] = [1, 5, 1, 0x60, 1, 0x7f, 0]
            let code: [UInt8] = [10, 13, 1, 11, 1, 2, 0x7f, 3, 0x40, 0x20, 0, 0x0d, 0, 0x0b, 0x0b]
            return [header, header + types + [3, 2, 1, 0] + code]
        }

        /// A message of three bytes on channel 1, in one chunk.
        private static let frames: [[UInt8]] = [[28, 1, 3, 0, 3, 0, 0, 0, 1, 2, 3]]

        @Sendable private static func introductions() -> [[UInt8]] {
            let chain = SampleChain.shared
            return [
                PeerIntroduction(
                    chain: chain.genesis.chain,
                    life: [UInt8](repeating: 1, count: PeerIntroduction.lifeByteCount),
                    roles: .validator
                ).bytes
            ]
        }

        // MARK: Handshakes

        private static let handshakeSeeds = (1...4 as ClosedRange<UInt8>).compactMap {
            AgreementKey(seed: [UInt8](repeating: $0, count: 32))
        }

        private static func handshake(_ side: NoiseHandshake.Side) -> NoiseHandshake {
            let keys = handshakeSeeds
            return side == .initiator
                ? NoiseHandshake(
                    side: side, staticKey: keys[0], ephemeralKey: keys[1], prologue: [1])
                : NoiseHandshake(
                    side: side, staticKey: keys[2], ephemeralKey: keys[3], prologue: [1])
        }

        /// The first byte says which of the three messages is the input's; those before it are
        /// right.
        @Sendable private static func shakeHands(_ bytes: [UInt8]) {
            guard let which = bytes.first else { return }
            var sides = [handshake(.initiator), handshake(.responder)]
            for number in 0..<3 {
                let (writer, reader) = (number % 2, 1 - number % 2)
                guard var message = try? sides[writer].write(payload: [7]) else { return }
                let isOwn = number == Int(which % 3)
                let honest = message
                if isOwn { message = Array(bytes.dropFirst()) }
                guard (try? sides[reader].read(message)) != nil else { return }
                // The first message is not authenticated: both go on, and part at the second.
                precondition(!isOwn || number == 0 || message == honest, "a forgery is refused")
                if isOwn && message != honest { return }
            }
            precondition(sides.allSatisfy { $0.session() != nil }, "right messages make a session")
        }

        @Sendable private static func handshakes() -> [[UInt8]] {
            var sides = [handshake(.initiator), handshake(.responder)]
            var samples: [[UInt8]] = []
            for number in 0..<3 {
                guard let message = try? sides[number % 2].write(payload: [7]) else { break }
                samples.append([UInt8(number)] + message)
                _ = try? sides[1 - number % 2].read(message)
            }
            return samples
        }
    }
#else
    extension FuzzTarget {
        /// What only a module itself sees has no door here.
        static let inner: [FuzzTarget] = [FuzzTarget("records", of: records)]
    }
#endif
