// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be read of providers. It needs the state alone, so readers need no bank.
public struct RegistryQueries {
    private let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// A provider, or nothing when the account never registered.
    public func provider(_ account: AccountID) -> Provider? {
        Self.decoded(state.value(.registry, RegistryKeys.provider(account)))
    }

    /// Providers by ascending account, after `after`; at most `limit`.
    public func providers(after: AccountID? = nil, limit: Int = 100) -> [Provider] {
        state.scan(
            .registry, prefix: [RegistryKeys.providerPrefix],
            after: after.map(RegistryKeys.provider), limit: limit
        ).compactMap { Self.decoded($0.value) }
    }

    /// The module's figures.
    public var parameters: RegistryParameters {
        Self.decoded(state.value(.registry, RegistryKeys.parameters)) ?? .standard
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of the registry do not read as \(Value.self)")
        }
        return value
    }
}

extension RegistryModule {
    /// A provider, or nothing when the account never registered.
    public func provider(_ account: AccountID, in state: any StateReader) -> Provider? {
        RegistryQueries(state).provider(account)
    }

    /// The module's figures.
    public func parameters(in state: any StateReader) -> RegistryParameters {
        RegistryQueries(state).parameters
    }

    /// A provider, which must be known.
    func known(_ account: AccountID, in context: ExecutionContext) throws(Refusal) -> Provider {
        guard let provider = provider(account, in: context) else {
            throw .registry(.unknownProvider, "account \(account) is no provider")
        }
        return provider
    }

    func write(_ provider: Provider, in context: ExecutionContext) {
        context.set(
            .registry, RegistryKeys.provider(provider.account), provider.canonicalBytes)
    }
}
