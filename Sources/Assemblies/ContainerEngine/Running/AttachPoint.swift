// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer

/// The engine's side of the socket at which watched programs can be attached to (RUNTIME-23).
struct AttachPoint: Sendable {
    /// What is wanted of it.
    enum Wish: UInt8 {
        case listen = 0x6F
        case speak = 0x69
        case speakLast = 0x63
        case end = 0x65
    }

    private static let patienceMilliseconds: UInt64 = 5_000

    let effects: Effects
    /// The folder of the program's streams, absolute.
    let folder: String

    /// Attaches; from the return on nothing that the program says passes by.
    func attach(_ wish: Wish) async throws(EngineFailure) -> any ByteStream {
        do {
            let stream = try await dial()
            try await stream.write([wish.rawValue])
            guard try await stream.read(limit: 1) == [wish.rawValue] else {
                stream.close()
                throw NetworkFailure.closed
            }
            return stream
        } catch {
            throw EngineFailure(.conflict, "the container cannot be attached to: \(error)")
        }
    }

    /// Sets the size of the program's terminal.
    func resize(rows: UInt16, columns: UInt16) async throws(EngineFailure) {
        do {
            let stream = try await dial()
            try await stream.write(
                [0x77] + [rows, columns].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
            _ = try? await stream.read(limit: 1)
            stream.close()
        } catch {
            throw EngineFailure(.conflict, "the terminal cannot be resized: \(error)")
        }
    }

    private func dial() async throws(NetworkFailure) -> any ByteStream {
        try await effects.network.dial(
            Endpoint(host: "\(folder)/attach", port: 0),
            timeoutMilliseconds: Self.patienceMilliseconds)
    }

    /// Carries bytes between a client and a program until the program has ended or the client is
    /// gone.
    ///
    /// - Parameters:
    ///   - speaks: Whether the client's bytes are for the program.
    ///   - last: What is done when the program has ended and the client is still there.
    static func join(
        _ client: any ByteStream, _ program: any ByteStream, speaks: Bool, _ effects: Effects,
        last: () async -> Void = {}
    ) async {
        let speaking = effects.tasks.spawn("attached client") {
            while let bytes = try? await client.read(limit: 65_536) {
                if bytes.isEmpty {
                    // That it says no more does not mean that it hears no more.
                    if speaks { try? (program as? any HalfClosableStream)?.endWriting() }
                    return
                }
                if speaks, (try? await program.write(bytes)) == nil { return }
            }
            program.close()
        }
        while let bytes = try? await program.read(limit: 65_536), !bytes.isEmpty {
            if (try? await client.write(bytes)) == nil { break }
        }
        program.close()
        await last()
        client.close()
        speaking.cancel()
        await speaking.finished()
    }
}
