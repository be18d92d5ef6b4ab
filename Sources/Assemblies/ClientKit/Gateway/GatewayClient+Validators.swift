// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import LightClient
public import Vocabulary

extension GatewayClient {
    /// Members of the validators in the order of their accounts.
    public func validators(
        limit: Int = 100, cursor: String? = nil
    ) async throws(ClientFailure) -> MemberPage {
        var call = GatewayCall("/v1/validators")
        call.query = [("limit", "\(limit)")] + (cursor.map { [("cursor", $0)] } ?? [])
        return try MemberPage(await json(call))
    }

    /// One member.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownMember` when the account never joined.
    public func validator(_ account: AccountID) async throws(ClientFailure) -> MemberView {
        try MemberView(await json(GatewayCall("/v1/validators/\(account)")))
    }

    /// How epochs from one on named the validators of the next; unchecked.
    public func handovers(
        from epoch: Epoch, limit: Int = HandoverFile.pageMax
    ) async throws(ClientFailure) -> [Handover] {
        var call = GatewayCall("/v1/handovers")
        call.query = [("from", "\(epoch)"), ("limit", "\(limit)")]
        call.answerBytesMax = HandoverFile.mark.count + 2 + limit * Handover.bytesMax
        let body = try await send(call).body
        let file: HandoverFile
        do {
            file = try HandoverFile(bytes: body)
        } catch {
            throw .badAnswer("the handovers do not read: \(error)")
        }
        guard file.handovers.count <= limit, file.handovers.first.map({ $0.epoch == epoch }) ?? true
        else { throw .badAnswer("the handovers are of other epochs") }
        return file.handovers
    }

    /// A trail that knows the validators of an epoch: the one given, grown by handovers of the
    /// gateway, each checked. Cost: one request for every 64 epochs, and their signatures.
    ///
    /// - Parameters:
    ///   - trail: From where on.
    ///   - epoch: How far; nothing goes as far as the gateway knows.
    ///   - taken: Is given each page once it has been checked.
    /// - Throws: ``ClientFailure``; ``ClientFailure/twoHistories(_:)`` when validators that are
    ///   trusted signed a contradiction.
    public func following(
        _ trail: ValidatorTrail, to epoch: Epoch? = nil, taken: ([Handover]) -> Void = { _ in }
    ) async throws(ClientFailure) -> ValidatorTrail {
        var grown = trail
        while epoch.map({ grown.newest < $0 }) ?? true {
            let page = try await handovers(from: grown.newest)
            guard !page.isEmpty else {
                guard let epoch else { return grown }
                throw .badAnswer(
                    "it has no handover of epoch \(grown.newest) to show who votes in \(epoch)")
            }
            do throws(LightFailure) {
                try grown.extend(by: page)
            } catch .conflictingHandover(let epoch) {
                throw .twoHistories(epoch)
            } catch {
                throw .badAnswer("the handovers do not hold: \(error)")
            }
            taken(page)
        }
        return grown
    }
}
