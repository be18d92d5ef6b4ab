// SPDX-License-Identifier: Apache-2.0
import Effects
import Market
public import Vocabulary

/// Orders that a machine's owner does not allow, and why.
struct RefusalBook {
    /// The most orders remembered: those of one look.
    static let ordersMax = 1_024

    private var reasons: [JobID: [AuthorityRefusal]] = [:]
    private var order: [JobID] = []

    subscript(job: JobID) -> [AuthorityRefusal] { reasons[job] ?? [] }

    /// Notes why; says whether that is news.
    mutating func note(_ found: [AuthorityRefusal], of job: JobID) -> Bool {
        guard reasons[job] != found else { return false }
        if reasons.updateValue(found, forKey: job) == nil { order.append(job) }
        if order.count > Self.ordersMax { reasons[order.removeFirst()] = nil }
        return true
    }
}

extension ProviderService {
    /// Why the owner of this machine does not allow an order; empty when it was not refused.
    public func refusals(of job: JobID) -> [AuthorityRefusal] { refused[job] }

    /// What the machine may do now, or nothing when no owner has a say.
    func authorityView() async -> AuthorityView? {
        guard let authority = configuration.authority else { return nil }
        return await AuthorityView.read(authority, of: account, node, effects)
    }

    /// Whether the owner allows an order; if not, says why once (PROVIDER-11).
    func allows(_ terms: OrderTerms, of job: JobID, _ view: AuthorityView?) -> Bool {
        guard let view else { return true }
        let found = view.refusals(of: terms)
        guard !found.isEmpty else { return true }
        if refused.note(found, of: job) {
            let reasons = found.map(\.description).joined(separator: "; ")
            configuration.log("job \(job): refused: \(reasons)")
        }
        return false
    }

    /// Compares what runs with what is allowed, again and again (PROVIDER-13).
    func watchAuthority() async {
        while !isStopping, !Task.isCancelled {
            await effects.time.sleep(milliseconds: MachineAuthority.watchMilliseconds)
            await enforce()
        }
    }

    /// Ends what the owner no longer allows, and hands it back.
    private func enforce() async {
        let running = leases.keys.filter { job in
            if case .running = leases[job] { true } else { false }
        }
        guard !running.isEmpty, let view = await authorityView() else { return }
        for job in running.sorted() {
            guard let terms = await order(of: job)?.terms, !allows(terms, of: job, view),
                case .running(let task) = leases[job]
            else { continue }
            task.cancel()
            await handBack(job, .outsideAuthorization)
        }
        await desk.flush()
    }
}
