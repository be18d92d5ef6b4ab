// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Ledger
import NodeInterface
import Vocabulary

/// What the gateway itself can refuse; raw values are the stable `name` of the problem (GATEWAY-5).
enum GatewayProblem: String, CaseIterable {
    case malformedParameter, malformedKey
    case keyNeeded, badKey, badLogin
    case budgetSpent
    case scopeMissing
    case unknownKey, unknownTeam, noIndex
    case indexNotReady
    case tooManyKeys
    case tooManyRequests
    case notAllowed
    case unknownTransaction, unknownJob, unknownBlob, unknownBlock, unknownMember, unknownIdentity,
        noResult
    case unknownIssuer, unknownMandate, unknownMachine, logIncomplete
    case unknownPool, unknownProposal, unknownNumber, unknownLiquidityPool
    case unknownLease, unknownCapacity
    case jobNotFinished, tooFewProviders, keyInUse
    case rangeNotSatisfiable
    case notOwner
    case unknownPeer, unknownTask, peerNeeded, peerBanned, peerUnreachable, noNetwork, tooManyPeers
    case malformedBody, keyReused
    case nodeFailed
    case peerMisled
    case poolFull, notCertified, notReady
    case finalityTimedOut
    case faucetDry, foreignOrigin
    case storageFull

    /// The status it is answered with.
    var status: HTTPStatus {
        switch self {
        case .malformedParameter, .malformedKey: .badRequest
        case .keyNeeded, .badKey, .badLogin: 401
        case .budgetSpent: 402
        case .scopeMissing: 403
        case .unknownKey, .unknownTeam, .noIndex: .notFound
        case .indexNotReady: .unavailable
        case .tooManyKeys: .conflict
        case .tooManyRequests, .faucetDry: .tooManyRequests
        case .notAllowed, .foreignOrigin: 403
        case .unknownTransaction, .unknownJob, .unknownBlob, .unknownBlock, .unknownMember,
            .unknownIdentity, .noResult, .unknownIssuer, .unknownMandate, .unknownMachine,
            .logIncomplete, .unknownPeer, .unknownTask, .unknownPool, .unknownProposal,
            .unknownNumber, .unknownLiquidityPool, .unknownLease, .unknownCapacity:
            .notFound
        case .notOwner: 403
        case .peerNeeded, .peerBanned, .tooManyPeers: .conflict
        case .peerUnreachable: 502
        case .noNetwork: .unavailable
        case .jobNotFinished, .tooFewProviders, .keyInUse: .conflict
        case .rangeNotSatisfiable: 416
        case .malformedBody, .keyReused: .unprocessable
        case .nodeFailed: .internalError
        case .peerMisled: 502
        case .poolFull, .notCertified, .notReady: .unavailable
        case .finalityTimedOut: 504
        case .storageFull: 507
        }
    }

    /// The sentence that is the same every time.
    var title: String {
        switch self {
        case .malformedParameter: "A parameter is malformed"
        case .malformedKey: "The Idempotency-Key is malformed"
        case .keyNeeded: "A key or a session is needed"
        case .badKey: "The key or session is not taken"
        case .badLogin: "The login is not taken"
        case .budgetSpent: "The budget is spent"
        case .scopeMissing: "The caller may not do this"
        case .unknownKey: "The key is unknown"
        case .unknownTeam: "The team is unknown"
        case .noIndex: "There is no such index"
        case .indexNotReady: "The index is not ready"
        case .tooManyKeys: "There are too many keys or teams"
        case .tooManyRequests: "The key has made too many requests"
        case .unknownTransaction: "The transaction is unknown"
        case .unknownJob: "The job is unknown"
        case .unknownBlob: "Nobody in reach has the blob"
        case .unknownBlock: "The block is unknown"
        case .unknownMember: "The account is no member of the validators"
        case .unknownIdentity: "The identity is unknown"
        case .notAllowed: "The caller is not one this node signs for"
        case .notOwner: "Only the node's owner may do this"
        case .unknownPeer: "The peer is unknown"
        case .unknownTask: "The task is unknown"
        case .peerNeeded: "The node needs this peer"
        case .peerBanned: "The peer is banned"
        case .tooManyPeers: "The node keeps as many peers as it can"
        case .peerUnreachable: "The peer does not answer"
        case .noNetwork: "The node shows no network"
        case .noResult: "The job ended without a result"
        case .unknownIssuer: "The identity never was an issuer"
        case .unknownMandate: "There is no such mandate"
        case .unknownMachine: "The machine has no owner"
        case .logIncomplete: "This node has forgotten a part of the log"
        case .unknownPool: "Nothing stands behind the account"
        case .unknownProposal: "There is no such proposal"
        case .unknownNumber: "There is nothing of this kind under the name"
        case .unknownLiquidityPool: "There is no such pool"
        case .unknownLease: "There is no such lease"
        case .unknownCapacity: "The provider declared nothing"
        case .jobNotFinished: "The job has not finished"
        case .tooFewProviders: "Too few providers are active"
        case .keyInUse: "A request with this Idempotency-Key is being answered"
        case .rangeNotSatisfiable: "The range is outside the blob"
        case .malformedBody: "The body is malformed"
        case .keyReused: "The Idempotency-Key was used for another request"
        case .nodeFailed: "The node failed"
        case .peerMisled: "What was stored or sent is not what its digest or form promises"
        case .poolFull: "Too many transactions wait"
        case .notCertified: "No certified header vouches for it yet"
        case .notReady: "The node does not follow the chain"
        case .finalityTimedOut: "The transaction is not final yet"
        case .faucetDry: "The faucet has given enough for now"
        case .foreignOrigin: "The request comes from another site's page"
        case .storageFull: "No space is left for the blob"
        }
    }

    /// The problem of this time.
    func problem(
        _ detail: String, members: [(name: String, value: Problem.Value)] = [],
        retryAfterSeconds: Int? = nil
    ) -> Problem {
        var problem = Problem(
            status, type: "urn:atoll:problem:\(rawValue)", title: title, detail: detail,
            members: [("name", .text(rawValue))] + members)
        if let retryAfterSeconds { problem.fields["Retry-After"] = "\(retryAfterSeconds)" }
        return problem
    }
}

// MARK: - Refusals of the ledger

extension Refusal {
    /// Codes of the ledger for what can never become valid.
    private static let hopeless: [LedgerRefusal] = [
        .wrongChain, .noMessages, .tooLarge, .badSignature, .unknownModule,
    ]
    /// How a node names a full pool, which passes.
    private static let poolFullName = "poolFull"

    /// Whether it says that the transaction has been executed before.
    var isDuplicate: Bool { module == nil && code == LedgerRefusal.duplicate.rawValue }

    /// The refusal as a problem (GATEWAY-5).
    var problem: Problem {
        guard module != nil || name != Self.poolFullName else {
            return GatewayProblem.poolFull.problem(detail, retryAfterSeconds: 1)
        }
        let isHopeless = module == nil && Self.hopeless.contains { $0.rawValue == code }
        let module = ModuleName.of(module)
        return Problem(
            isHopeless ? .unprocessable : .conflict, type: "urn:atoll:refusal:\(module):\(name)",
            title: "The ledger refuses: \(name)", detail: detail,
            members: [
                ("name", .text(name)), ("code", .unsigned(UInt64(code))),
                ("module", .text(module)),
            ])
    }
}

// MARK: - Blobs

extension BlobFailure {
    /// The failure as a problem; what was received of an upload is always dropped.
    var problem: Problem {
        switch self {
        case .notFound(let digest):
            return GatewayProblem.unknownBlob.problem("\(digest) is not here and no peer gave it")
        case .tooLarge(let limit):
            return Problem(
                .contentTooLarge, detail: "a blob may have at most \(limit) bytes",
                members: [("limit", .unsigned(limit)), ("kept", .unsigned(0))])
        case .full(let limit):
            return GatewayProblem.storageFull.problem(
                "the node keeps at most \(limit) bytes of blobs; nothing of this one was kept",
                members: [("kept", .unsigned(0)), ("limit", .unsigned(limit))])
        case .wrongDigest(let expected):
            return GatewayProblem.peerMisled.problem(
                "the bytes that came do not have digest \(expected) and were dropped")
        case .disk(.full):
            return GatewayProblem.storageFull.problem(
                "the node's disk is full; nothing of this blob was kept",
                members: [("kept", .unsigned(0))])
        case .disk(let failure):
            return GatewayProblem.nodeFailed.problem("its disk failed: \(failure)")
        }
    }
}

/// Does something with blobs and gives failures as problems.
func blobs<Value>(
    _ body: () async throws(BlobFailure) -> Value
) async throws(Problem) -> Value {
    do {
        return try await body()
    } catch {
        throw error.problem
    }
}
