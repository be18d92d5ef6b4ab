// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Market
import NodeInterface
import Vocabulary

extension JobSession {
    /// Uploads a job's program and input and orders it; returns when the order is final.
    ///
    /// - Throws: ``ClientFailure``; nothing is ordered then, except after
    ///   ``ClientFailure/timedOut(_:)``, when the order may still become final.
    public func order(
        _ request: JobRequest, tell: Listener = { _ in }
    ) async throws(ClientFailure) -> OpenedJob {
        try await order(try await prepare(request, tell: tell), tell: tell)
    }

    /// Uploads a job's program and input and says what its order is; negotiates the price when the
    /// request wants that. Nothing is ordered.
    ///
    /// - Throws: ``ClientFailure``.
    public func prepare(
        _ request: JobRequest, tell: Listener = { _ in }
    ) async throws(ClientFailure) -> PreparedJob {
        try request.check()
        let status = try await client.status(of: genesis.chain)
        if !status.hasQuorum {
            tell(.waiting(reason: status.reason ?? "no quorum of validators is in reach"))
        }
        let begin = time.now()
        let maxCost = try await maxCost(of: request)
        let (module, input) = try await upload(request, tell: tell)
        let uploadMilliseconds = time.now().milliseconds(since: begin)
        var terms = OrderTerms(
            moduleDigest: module, inputDigest: input, arguments: request.arguments,
            limits: request.limits, replicas: request.replicas, maxCost: maxCost,
            deadline: try await client.status().chainTime
                .advanced(by: request.timeoutMilliseconds),
            salt: salt())
        if request.negotiates {
            terms = try await negotiated(
                terms, budget: maxCost, counter: request.counterPrice, tell: tell)
        }
        return PreparedJob(
            terms: terms, timeoutMilliseconds: request.timeoutMilliseconds,
            uploadMilliseconds: uploadMilliseconds)
    }

    /// Orders what was prepared; returns when the order is final.
    ///
    /// - Throws: ``ClientFailure``; nothing is ordered then, except after
    ///   ``ClientFailure/timedOut(_:)``, when the order may still become final.
    public func order(
        _ prepared: PreparedJob, tell: Listener = { _ in }
    ) async throws(ClientFailure) -> OpenedJob {
        let terms = prepared.terms
        let balance = try await client.account(account).balance()
        tell(.ordering(maxCost: terms.maxCost))
        let message = Self.message(.openOrder(OpenOrder(terms: terms)))
        let sent = try await sender.send(
            [message], timeoutMilliseconds: prepared.timeoutMilliseconds)
        let job = OpenOrder(terms: terms).job(sender: account, transaction: sent.outcome.hash)
        tell(
            .opened(
                job, height: sent.outcome.height,
                finalityMilliseconds: sent.finalityMilliseconds))
        return OpenedJob(
            job: job, terms: terms, sent: sent, balanceBefore: balance,
            uploadMilliseconds: prepared.uploadMilliseconds,
            blockMilliseconds: await blockMilliseconds(of: sent))
    }

    /// The escrow: what the caller allows, or what every active provider asks at most.
    private func maxCost(of request: JobRequest) async throws(ClientFailure) -> Amount {
        let argumentBytes = request.arguments.reduce(0) { $0 + $1.utf8.count }
        let quote = try await client.quote(
            fuelMax: request.fuelMax, replicas: request.replicas, argumentBytes: argumentBytes)
        guard let maxCost = request.maxCost else { return quote.costMax }
        guard maxCost >= quote.costMin else {
            throw .invalid(
                "at the most of \(maxCost) no provider would bid: \(request.replicas) executions "
                    + "of \(request.fuelMax) fuel cost up to \(quote.costMin) at the lowest prices")
        }
        return maxCost
    }

    private func salt() -> Bytes32 {
        let chance = client.effects.chance
        return Bytes32 { $0.copyBytes(from: chance.bytes(Bytes32.count)) }
    }

    /// From sending to the block's own time; nothing when the clocks contradict each other.
    private func blockMilliseconds(of sent: SentTransaction) async -> UInt64? {
        guard let block = try? await client.block(sent.outcome.height),
            block.time >= sent.sentAt
        else { return nil }
        let took = block.time.value - sent.sentAt.value
        return took <= sent.finalityMilliseconds ? took : nil
    }
}

// MARK: - Upload

extension JobSession {
    /// Uploads everything and returns the digests of the program and of the input manifest.
    private func upload(
        _ request: JobRequest, tell: Listener
    ) async throws(ClientFailure) -> (module: Digest, input: Digest) {
        let module = try await upload(request.module)
        var standardInput: JobInput.Blob?
        if let content = request.standardInput { standardInput = try await upload(content) }
        var files: [JobInput.File] = []
        for file in request.files {
            files.append(JobInput.File(path: file.path, blob: try await upload(file.content)))
        }
        guard let manifest = JobInput(standardInput: standardInput, files: files) else {
            throw .invalid(
                "the input breaks a limit: \(JobInput.filesMax) files with different relative "
                    + "paths, \(JobInput.bytesMax) bytes in all")
        }
        let input = try await client.upload(manifest.canonicalBytes)
        let bytes = module.size + (manifest.bytes ?? 0) + input.size
        tell(.uploaded(blobs: manifest.blobs.count + 2, bytes: bytes))
        return (module.digest, input.digest)
    }

    private func upload(
        _ content: JobRequest.Content
    ) async throws(ClientFailure) -> JobInput.Blob {
        switch content {
        case .bytes(let bytes): try await client.upload(bytes)
        case .file(let file): try await upload(file: file, called: "a file")
        case .path(let path): try await upload(path: path)
        }
    }

    /// Uploads a file after a look at its size, so that what no job can have is not even read.
    private func upload(
        file: any FileReader, called name: String
    ) async throws(ClientFailure) -> JobInput.Blob {
        let count = await file.count
        guard count <= JobInput.bytesMax else {
            throw .invalid(
                "\(name) has \(count) bytes; a job's input may have \(JobInput.bytesMax) in all")
        }
        return try await client.upload(file: file)
    }

    private func upload(path: String) async throws(ClientFailure) -> JobInput.Blob {
        let file: any FileReader
        do {
            file = try await client.effects.disk.open(path)
        } catch {
            throw .unreadable("'/\(path)' cannot be opened: \(error)")
        }
        do {
            let blob = try await upload(file: file, called: "'/\(path)'")
            await file.close()
            return blob
        } catch {
            await file.close()
            throw error
        }
    }
}
