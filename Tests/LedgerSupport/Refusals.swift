// SPDX-License-Identifier: Apache-2.0
import Ledger

/// The name of the refusal that `body` throws, if it throws one.
public func refusal(of body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Refusal)?.name ?? "\(error)"
    }
}
