// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Problems, blobs and the node itself.
    static var general: [(name: String, schema: JSON)] {
        [
            ("Problem", problem), ("Blob", object([("digest", digest), ("size", count)])),
            ("Status", status), ("Validator", validator), ("Peer", peer),
        ]
    }

    /// Transactions, accounts, blocks.
    static var chain: [(name: String, schema: JSON)] {
        [
            ("Refusal", refusal),
            (
                "Received",
                object([("hash", digest), ("acknowledged", word(["received"]))])
            ),
            ("Outcome", object(outcome + [("events", list(reference("Event")))])),
            ("FinalOutcome", object(outcome + [("acknowledged", word(["final"]))])),
            ("Account", account), ("Balance", object([("asset", count), ("amount", amount)])),
            ("Block", block), ("BlockPage", page("blocks", of: "Block")),
            ("Event", event), ("EventPage", page("events", of: "Event")),
        ]
    }

    /// Problems may carry further members.
    private static var problem: JSON {
        [
            "type": "object",
            "properties": [
                "type": text, "title": text, "status": count, "detail": text, "instance": text,
                "name": text, "code": count, "module": text,
            ],
            "required": ["type", "title", "status"],
        ]
    }

    /// Events carry further members by their kind.
    private static var event: JSON {
        [
            "type": "object",
            "properties": [
                "height": count, "index": count, "transaction": digest, "module": text,
                "kind": count, "name": text, "subject": digest, "payload": text,
            ],
            "required": ["height", "index", "module", "kind", "name", "subject"],
        ]
    }

    private static var status: JSON {
        object([
            ("chain", digest), ("name", text), ("version", text), ("role", text),
            ("publicKey", digest), ("height", count), ("slot", count), ("stateRoot", digest),
            ("headTime", time), ("lastBlockAgeMilliseconds", count),
            ("validators", list(reference("Validator"))), ("stakeConnected", count),
            ("stakeTotal", count), ("quorum", count), ("hasQuorum", flag), ("reason?", text),
            ("peers", list(reference("Peer"))), ("pendingTransactions", count),
            ("blobBytes", count),
        ])
    }

    private static var validator: JSON {
        object([("name", text), ("publicKey", digest), ("stake", count), ("connected", flag)])
    }

    private static var peer: JSON {
        object([
            ("publicKey", digest), ("role", text), ("endpoint", nullable(text)),
            ("state", text), ("roundTripMilliseconds", nullable(["type": "number"])),
            ("lastReason?", text),
        ])
    }

    private static var refusal: JSON {
        object([("module", text), ("code", count), ("name", text), ("detail", text)])
    }

    private static var outcome: [(String, JSON)] {
        [
            ("hash", digest), ("height", count), ("index", count),
            ("verdict", word(["applied", "refused", "skipped"])), ("fee", amount),
            ("refusal", nullable(reference("Refusal"))),
        ]
    }

    private static var account: JSON {
        object([
            ("account", digest), ("nonce", count), ("balances", list(reference("Balance"))),
            ("next?", text),
        ])
    }

    private static var block: JSON {
        object([
            ("height", count), ("slot", count), ("hash", digest), ("parent", digest),
            ("time", time), ("proposer", digest), ("stateHeight", count), ("stateRoot", digest),
            ("transactions", list(digest)), ("signers", list(text)),
        ])
    }
}
