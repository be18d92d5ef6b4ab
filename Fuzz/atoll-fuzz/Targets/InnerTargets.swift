// SPDX-License-Identifier: Apache-2.0
#if DEBUG || TESTABLE
    import Cryptography
    import Effects
    @testable import NodeAssembly
    @testable import PeerNetwork
    import Vocabulary

    extension FuzzTarget {
        /// What only a module itself sees; only builds for tests have a door to it.
        static let inner: [FuzzTarget] = [
            FuzzTarget("blob-request", BlobRequest.self) {
                [BlobRequest(digest: .zero, offset: 5, count: 100)]
            },
            FuzzTarget("blob-range", BlobRange.self) { [BlobRange(size: 9, bytes: [1, 2, 3])] },
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
            FuzzTarget("peer-introduction", samples: introductions) { bytes in
                _ = try? PeerIntroduction(payload: bytes, staticKey: Bytes32.zero)
            },
            FuzzTarget("noise-handshake", samples: handshakes, take: shakeHands),
        ]

        /// A message of three bytes on channel 1, in one chunk.
        private static let frames: [[UInt8]] = [[28, 1, 3, 0, 3, 0, 0, 0, 1, 2, 3]]

        @Sendable private static func introductions() -> [[UInt8]] {
            let chain = SampleChain.shared
            return [
                PeerIntroduction(
                    identity: chain.keys[0], staticKey: .zero, chain: chain.genesis.chain,
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
        static let inner: [FuzzTarget] = []
    }
#endif
