// SPDX-License-Identifier: Apache-2.0
public import Identity
public import Market
import Vocabulary

/// What an order asks of a machine, as the order's arguments say it (PROVIDER-12).
public struct AskedTask: Hashable, Sendable {
    /// The argument that names the operation.
    public static let operationWord = "--operation="
    /// The argument that names the place: latitude and longitude in ten-millionths of a degree.
    public static let placeWord = "--place="

    /// The operation: what the order names, or that programs run.
    public let operation: String
    /// Where it is to be done, if anywhere.
    public let place: Place?
    /// What one execution is worth at most, in base units.
    public let value: UInt128

    /// Reads an order's terms; nothing when it names an operation or a place twice, or in another
    /// form.
    public init?(_ terms: OrderTerms) {
        let operations = Self.values(of: Self.operationWord, in: terms.arguments)
        let places = Self.values(of: Self.placeWord, in: terms.arguments)
        guard operations.count <= 1, places.count <= 1, operations.first?.isEmpty != true else {
            return nil
        }
        operation = operations.first.map(String.init) ?? ProviderConfiguration.capability
        if let text = places.first {
            let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
            guard numbers.count == 2, let latitude = Int64(numbers[0]),
                let longitude = Int64(numbers[1]),
                let place = Place(latitudeE7: latitude, longitudeE7: longitude)
            else { return nil }
            self.place = place
        } else {
            place = nil
        }
        value = terms.share.units
    }

    private static func values(of word: String, in arguments: [String]) -> [Substring] {
        arguments.filter { $0.hasPrefix(word) }.map { $0.dropFirst(word.count) }
    }
}
