// SPDX-License-Identifier: Apache-2.0
import JSONText
import Receipts

/// The findings of a receipt's checks, a line each.
enum CheckLines {
    static func text(of checks: [ReceiptCheck]) -> String {
        let width = checks.map(\.name.count).max() ?? 0
        return checks.map { check in
            let space = String(repeating: " ", count: width - check.name.count + 2)
            let (verdict, words) = said(check.finding)
            return "\(verdict)  \(check.name)\(space)\(words)"
        }.joined(separator: "\n")
    }

    static func json(of checks: [ReceiptCheck]) -> JSON {
        .array(
            checks.map { check in
                let (_, words) = said(check.finding)
                return [
                    "name": JSON(check.name), "holds": .bool(check.holds), "detail": JSON(words),
                ]
            })
    }

    private static func said(_ finding: ReceiptCheck.Finding) -> (verdict: String, words: String) {
        switch finding {
        case .holds(let words): ("ok    ", words)
        case .fails(let words): ("FAILED", words)
        case .notReached: ("-     ", "not looked at, for an earlier check failed")
        }
    }
}
