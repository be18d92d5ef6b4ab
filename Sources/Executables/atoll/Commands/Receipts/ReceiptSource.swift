// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Receipts
import Vocabulary

/// Finds the receipt a command line names: a file, or a job to ask the gateway for.
enum ReceiptSource {
    static func read(
        _ named: String, _ invocation: Invocation, _ shell: Shell
    ) async throws -> ReceiptFile {
        if await !shell.exists(named), let job = JobID(hexadecimal: named) {
            let client = try await ClientSettings(invocation, shell).client()
            return try await calling { () async throws(ClientFailure) in
                try await client.receipt(of: job)
            }
        }
        return try await file(named, shell)
    }

    /// Reads a receipt file.
    static func file(_ path: String, _ shell: Shell) async throws -> ReceiptFile {
        let bytes = try await shell.read(path, limit: ReceiptFile.bytesMax)
        do {
            return try ReceiptFile(bytes: bytes)
        } catch {
            throw CommandFailure(
                status: .refused, what: "'\(path)' is no receipt: \(words(of: error))")
        }
    }

    private static func words(of failure: ReceiptFileFailure) -> String {
        switch failure {
        case .notAReceipt: "it does not begin as one"
        case .tooLarge(let count): "\(count) bytes are more than one has"
        case .damaged(let error): "it is damaged (\(error))"
        }
    }
}
