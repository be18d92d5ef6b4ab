// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Market
import NodeInterface
import Vocabulary
import WebAssemblyEngine

/// Runs one leased job: fetches what it needs, runs it on a worker, keeps the output (PROVIDER-6).
struct JobRunner: Sendable {
    let blobs: any BlobAccess
    let workers: any Workers
    let time: any TimeSource
    let engine: WebAssemblyRunner

    /// How long a blob that nobody has is asked for: its holder may be starting again. It is within
    /// the ten seconds that a lease adds for fetching.
    static let patienceMilliseconds: UInt64 = 6_000
    /// How long to wait before asking again.
    private static let pauseMilliseconds: UInt64 = 500

    /// What running gave.
    enum Ending: Sendable {
        /// A result every honest provider gets.
        case result(JobResult)
        /// Nothing this machine can vouch for.
        case gaveUp(GiveUpReason)
    }

    /// Runs the job of an order; a cancelled task's run ends at once and gives no result.
    func run(_ terms: OrderTerms, job: JobID, opened: Timestamp) async -> Ending {
        let patience = time.now().advanced(by: Self.patienceMilliseconds * 1_000_000)
        let module: [UInt8]
        do {
            module = try await bytes(
                of: terms.moduleDigest, limit: UInt64(RunLimits.moduleBytesMax), until: patience)
        } catch .tooLarge {
            return await finish(.invalidModule, JobOutput.empty, fuel: Fuel(0))
        } catch {
            return .gaveUp(.moduleUnavailable)
        }
        switch await input(of: terms, until: patience) {
        case .unreadable: return await finish(.invalidInput, JobOutput.empty, fuel: Fuel(0))
        case .unavailable: return .gaveUp(.inputUnavailable)
        case .ready(let standardInput, let directory):
            let request = RunRequest(
                module: module, arguments: ["program"] + terms.arguments,
                standardInput: standardInput, input: directory, seed: job.raw,
                startTime: opened, limits: RunLimits(terms.limits))
            let stop = RunStop()
            let report = await withTaskCancellationHandler {
                await workers.run { engine.run(request, until: stop) }
            } onCancel: {
                stop.raise()
            }
            return await finish(report)
        }
    }

    private enum Input {
        case ready([UInt8], InputDirectory)
        /// The digest does not lead to a manifest and its blobs: the client's fault.
        case unreadable
        case unavailable
    }

    private func input(of terms: OrderTerms, until patience: Instant) async -> Input {
        do {
            let bytes = try await bytes(
                of: terms.inputDigest, limit: UInt64(JobInput.encodedBytesMax), until: patience)
            guard let manifest = try? JobInput(canonicalBytes: bytes) else { return .unreadable }
            var standardInput: [UInt8] = []
            if let blob = manifest.standardInput {
                standardInput = try await fetch(blob, until: patience)
            }
            var files: [InputFile] = []
            for file in manifest.files {
                let bytes = try await fetch(file.blob, until: patience)
                files.append(InputFile(path: file.path, bytes: bytes))
            }
            guard let directory = try? InputDirectory(files) else { return .unreadable }
            return .ready(standardInput, directory)
        } catch BlobFailure.tooLarge {
            return .unreadable
        } catch is SizeMismatch {
            return .unreadable
        } catch {
            return .unavailable
        }
    }

    private struct SizeMismatch: Error {}

    private func fetch(_ blob: JobInput.Blob, until patience: Instant) async throws -> [UInt8] {
        let bytes = try await bytes(of: blob.digest, limit: blob.size, until: patience)
        guard UInt64(bytes.count) == blob.size else { throw SizeMismatch() }
        return bytes
    }

    /// A blob's bytes; while nobody has it, it is asked for again.
    private func bytes(
        of digest: Digest, limit: UInt64, until patience: Instant
    ) async throws(BlobFailure) -> [UInt8] {
        while true {
            do throws(BlobFailure) {
                return try await blobs.bytes(of: digest, limit: limit)
            } catch {
                guard error == .notFound(digest), time.now() < patience, !Task.isCancelled
                else { throw error }
            }
            await time.sleep(milliseconds: Self.pauseMilliseconds)
        }
    }

    private func finish(_ report: RunReport) async -> Ending {
        let output = JobOutput(
            standardOutput: report.standardOutput, standardError: report.standardError)
        switch report.outcome {
        case .exited(let code):
            return await finish(.exited(code: code), output, fuel: report.fuelUsed)
        case .trapped(let kind):
            let trap = JobTrap(rawValue: kind.rawValue) ?? .other
            return await finish(.trapped(trap), output, fuel: report.fuelUsed)
        case .fuelExhausted: return await finish(.fuelExhausted, output, fuel: report.fuelUsed)
        case .memoryExceeded: return await finish(.memoryExceeded, output, fuel: report.fuelUsed)
        case .outputExceeded: return await finish(.outputExceeded, output, fuel: report.fuelUsed)
        case .invalidModule: return await finish(.invalidModule, output, fuel: report.fuelUsed)
        case .unsupportedImport:
            return await finish(.unsupportedImport, output, fuel: report.fuelUsed)
        case .missingStart: return await finish(.missingStart, output, fuel: report.fuelUsed)
        case .invalidRequest: return await finish(.invalidInput, output, fuel: report.fuelUsed)
        case .wallClockExceeded: return .gaveUp(.wallClockExceeded)
        case .engineFailure: return .gaveUp(.engineFailed)
        }
    }

    /// Keeps the output where the gateway can fetch it, then names it in a result (PROVIDER-8).
    private func finish(_ outcome: JobOutcome, _ output: JobOutput, fuel: Fuel) async -> Ending {
        let bytes = output.canonicalBytes
        guard let digest = try? await blobs.keep(bytes) else { return .gaveUp(.engineFailed) }
        let size = output.standardOutput.count + output.standardError.count
        return .result(
            JobResult(
                outcome: outcome, outputDigest: digest, outputBytes: UInt64(size), fuelUsed: fuel))
    }
}

extension JobOutput {
    /// Nothing written.
    static let empty = JobOutput(standardOutput: [], standardError: [])
}

extension RunLimits {
    /// The order's limits, as the engine knows them.
    init(_ limits: JobLimits) {
        self.init(
            fuelMax: limits.fuelMax, memoryBytesMax: limits.memoryBytesMax,
            outputBytesMax: limits.outputBytesMax, wallMilliseconds: limits.wallMilliseconds)
    }
}
