// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Validators
import Vocabulary

extension EventReading {
    /// Reads an event of the validators.
    init?(validators event: Event) {
        guard let kind = ValidatorsEventKind(rawValue: event.kind) else { return nil }
        self.init(name: "\(kind)")
        switch kind {
        case .memberJoined, .memberUpdated, .statusChanged, .stakeReturned:
            guard let member = try? ValidatorMember(canonicalBytes: event.payload) else {
                return nil
            }
            accounts = [member.account]
            members = [("member", JSON(member))]
        case .memberPunished:
            guard let punishment = try? Punishment(canonicalBytes: event.payload) else {
                return nil
            }
            accounts = [AccountID(event.subject)]
            members = [
                ("epoch", JSON(punishment.epoch)), ("offence", .string(punishment.offence.words)),
                ("taken", JSON(punishment.taken)), ("rest", JSON(punishment.rest)),
                ("grantTaken", JSON(punishment.grantTaken)),
            ]
        case .setChosen:
            guard let choice = try? SetChoice(canonicalBytes: event.payload) else { return nil }
            members = [
                ("epoch", JSON(choice.epoch)), ("seats", JSON(choice.seats)),
                ("released", JSON(choice.released)), ("newcomers", JSON(choice.newcomers)),
                ("waiting", JSON(choice.waiting)), ("isKept", .bool(choice.isKept)),
            ]
        }
    }
}

extension Offence {
    /// The offence and where it happened.
    fileprivate var words: String {
        switch self {
        case .contradiction(let slot): "contradiction in slot \(slot)"
        case .fork(let height): "fork of its lane at height \(height)"
        case .downtime(let blocks): "proposed none of \(blocks) blocks"
        }
    }
}
