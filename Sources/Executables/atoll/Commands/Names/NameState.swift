// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import Names
import Vocabulary

/// Where a name stands, proven from the genesis.
struct NameState {
    /// What anybody may do with a name.
    enum Standing: String {
        case free, auction, held, grace
    }

    let name: PlainName
    let record: NameRecord?
    let auction: NameAuction?
    let parameters: NamesParameters
    /// The time of the state that was read.
    let time: Timestamp
    /// As of when, in words.
    let words: String

    /// Reads record, auction and figures, each with its proof.
    static func read(_ name: PlainName, _ settings: ClientSettings) async throws -> NameState {
        let state = ProvenState(settings: settings)
        let (figures, _) = try await state.read(
            .names, NamesKeys.parameters, as: NamesParameters.self)
        let (auction, _) = try await state.read(
            .names, NamesKeys.auction(name), as: NameAuction.self)
        let (record, header) = try await state.read(
            .names, NamesKeys.name(name), as: NameRecord.self)
        return NameState(
            name: name, record: record, auction: auction, parameters: figures ?? .standard,
            time: header.header.timestamp, words: header.words)
    }

    /// The name that was typed.
    static func name(_ invocation: Invocation) throws -> PlainName {
        guard let name = PlainName(invocation.arguments[0]) else {
            throw CommandFailure(
                status: .misused,
                what: "'\(invocation.arguments[0])' is no name: one has \(PlainName.bytesMin) to "
                    + "\(PlainName.bytesMax) letters a to z, digits and single hyphens inside")
        }
        return name
    }

    var standing: Standing {
        if auction != nil { return .auction }
        guard let record else { return .free }
        if time < record.expires { return .held }
        return time < record.expires.advanced(by: parameters.graceMilliseconds) ? .grace : .free
    }

    /// The least that a claim or the next bid must offer.
    var bidMin: Amount {
        auction.flatMap { parameters.bidMin(after: $0.amount) } ?? parameters.price(of: name)
    }

    var json: JSON {
        var members = [
            JSON.Member("name", JSON(name.text)), JSON.Member("state", JSON(standing.rawValue)),
            JSON.Member("price", JSON("\(parameters.price(of: name).units)")),
        ]
        if let auction {
            members += [
                JSON.Member("bidder", JSON("\(auction.bidder)")),
                JSON.Member("owner", JSON("\(auction.owner)")),
                JSON.Member("bid", JSON("\(auction.amount.units)")),
                JSON.Member("nextBid", JSON("\(bidMin.units)")),
                JSON.Member("ends", JSON(auction.ends.value)),
            ]
        } else if let record, standing != .free {
            members += [
                JSON.Member("owner", JSON("\(record.owner)")),
                JSON.Member("target", JSON("\(record.target)")),
                JSON.Member("expires", JSON(record.expires.value)),
            ]
        }
        return .object(members)
    }

    var text: String {
        var facts = TextFacts()
        facts.add("name", name.text)
        facts.add("state", standing.rawValue)
        facts.add("a term costs", "\(parameters.price(of: name))")
        if let auction {
            facts.add("highest bid", "\(auction.amount), for \(AtollMethod.did(of: auction.owner))")
            facts.add("next bid", "at least \(bidMin)")
            facts.add("ends", auction.ends.utc)
        } else if let record, standing != .free {
            facts.add("owner", "\(AtollMethod.did(of: record.owner))")
            facts.add("stands for", "\(AtollMethod.did(of: record.target))")
            facts.add(standing == .held ? "until" : "ended", record.expires.utc)
        }
        facts.add("as of", words)
        return facts.text
    }
}
