// SPDX-License-Identifier: Apache-2.0
import JSONText
import Vocabulary

extension JSON {
    /// An object of the members that have a value, in order.
    init(members: [(name: String, value: JSON?)]) {
        self = .object(members.compactMap { pair in pair.value.map { Member(pair.name, $0) } })
    }

    /// Base units as decimal text.
    init(_ amount: Amount) { self = .string("\(amount.units)") }

    /// 64 lower-case hexadecimal digits.
    init(_ identifier: some Identifier32) { self = .string("\(identifier)") }

    /// A number with a unit, as a JSON number.
    init(_ quantity: some Quantity) { self = .number("\(quantity.value)") }

    /// The object with further members at its end.
    func adding(_ members: [(name: String, value: JSON?)]) -> JSON {
        guard case .object(let own) = self, case .object(let more) = JSON(members: members) else {
            return self
        }
        return .object(own + more)
    }
}
