// SPDX-License-Identifier: Apache-2.0
import Testing

extension EndToEnd {
    @Suite("A robot and its owner")
    struct RobotTests {
        @Test("the example's owner stops an over-budget and an out-of-area task, each by its name")
        func example() async throws {
            let ended = try await Program.run(
                "\(Checkout.root)/examples/robot-authorization/demo", [],
                environment: ["ATOLL": Checkout.binary], limitSeconds: 300)
            #expect(ended.code == 0, "\(ended.errors)")
            let parts = ended.text.components(after: "== ")
            let findings = [
                ("an inspection within the area", "inspected --operation=inspect"),
                ("the same outside the area", "refused: outside the area the owner allows"),
                ("worth more", "refused: the contract is worth more than the owner allows"),
                ("another operation", "refused: the owner does not allow this operation"),
                ("the robot has left", "refused: outside the area the owner allows"),
                ("the robot itself orders", "(overAuthorization)"),
                ("its owner lets it spend", "(overBudget)"),
                ("back in its area", "inspected --operation=inspect"),
            ]
            for (title, finding) in findings {
                let part = parts.first { $0.hasPrefix(title) }
                #expect(part?.contains(finding) == true, "\(title): \(part ?? "missing")")
            }
        }
    }
}

extension String {
    fileprivate func components(after mark: String) -> [String] {
        split(separator: mark).map(String.init)
    }
}
