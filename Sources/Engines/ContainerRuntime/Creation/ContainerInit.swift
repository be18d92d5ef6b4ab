// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// The first process of a container, from its clone to its program (RUNTIME-1).
///
/// It is a copy of a process with one thread, so that everything may be used that was made before;
/// it ends by execve(2) or by _exit(2), never by returning.
struct ContainerInit {
    let plan: ContainerPlan
    let channel: Channel

    private var linux: LinuxConfiguration { plan.configuration.linux }

    func run(_ process: ProcessConfiguration) -> Never {
        Signals.unblock()
        do {
            try live(process)
        } catch {
            try? channel.send(.failed, "\(error)")
        }
        _exit(1)
    }

    private func live(_ process: ProcessConfiguration) throws(RuntimeFailure) -> Never {
        // If its maker dies now nobody could ever start it.
        _ = atoll_prctl(ProcessOption.parentDeathSignal, UInt(SIGKILL), 0, 0)
        FaultPoint.pass(.begun)
        guard try channel.receive()?.kind == .proceed else { _exit(1) }
        // From here on nobody inside may look into this process, which still knows the machine.
        _ = atoll_prctl(ProcessOption.dumpable, 0, 0, 0)
        for (index, output) in plan.outputs.enumerated() {
            try asking("use the pipe of an output") { dup2(output.number, Int32(index) + 1) }
        }
        if let input = plan.input {
            try asking("use the pipe of the input") { dup2(input.number, 0) }
        }
        try joinNamespaces()
        FaultPoint.pass(.joined)
        let files = try RootFileSystem.begin(plan)
        try becomeRoot()
        FaultPoint.pass(.rootMounted)
        try setUpKernel()
        try files.makeMounts()
        FaultPoint.pass(.mountsMade)
        try files.makeDevices(isBound: plan.hasUserNamespace)
        FaultPoint.pass(.devicesMade)
        try runHooksBeforePivot()
        try asking("setsid") { setsid() }
        let console = try openConsole(process, files)
        _ = try? files.root.ensure(process.folder, .folder)
        try files.mask()
        try files.protect()
        FaultPoint.pass(.pathsMasked)
        try files.enter(withoutPivot: plan.withoutPivot)
        FaultPoint.pass(.pivoted)
        try console?.adopt()
        let program = try findProgram(process)
        try waitForStart(process, program)
    }

    // MARK: - Namespaces

    private func joinNamespaces() throws(RuntimeFailure) {
        for (kind, file) in plan.joined where kind != .process && kind != .user {
            try asking("join the \(kind.rawValue) namespace") {
                atoll_setns(file.number, kind.flag)
            }
        }
        if linux.makes(.cgroup) {
            try asking("make a cgroup namespace") { atoll_unshare(NamespaceFlag.cgroup) }
        }
    }

    /// The first user of a new user namespace, if it maps one: what is made from now on belongs to
    /// the container.
    private func becomeRoot() throws(RuntimeFailure) {
        guard plan.hasUserNamespace else { return }
        if atoll_set_group(0) == 0 { _ = atoll_set_groups([], 0) }
        _ = atoll_set_user(0)
        _ = atoll_prctl(ProcessOption.parentDeathSignal, UInt(SIGKILL), 0, 0)
    }

    private func setUpKernel() throws(RuntimeFailure) {
        if !plan.withoutKeyring { _ = atoll_join_keyring("_ses.\(plan.name)") }
        if linux.makes(.network) { _ = atoll_interface_up("lo") }
        if let name = plan.configuration.hostName, !name.isEmpty {
            try asking("set the host name") { sethostname(name, name.utf8.count) }
        }
        if let name = plan.configuration.domainName, !name.isEmpty {
            try asking("set the domain name") { setdomainname(name, name.utf8.count) }
        }
        if let personality = linux.personality {
            try asking("set the personality") { atoll_personality(personality) }
        }
        try ProcessFiles.write(linux.kernelSettings)
    }

    private func runHooksBeforePivot() throws(RuntimeFailure) {
        let hooks = plan.configuration.hooks
        if !hooks[.prestart].isEmpty || !hooks[.createRuntime].isEmpty {
            try channel.send(.hooks)
            guard try channel.receive()?.kind == .proceed else { _exit(1) }
        }
        try hooks.run(.createContainer, plan.record, .creating)
    }

    private func openConsole(
        _ process: ProcessConfiguration, _ files: RootFileSystem
    ) throws(RuntimeFailure) -> Console? {
        guard process.hasTerminal, let socket = plan.consoleSocket else { return nil }
        let console = try Console.open(in: files.root, process: process, socket: socket)
        try console.mount(in: files.root)
        return console
    }

    private func findProgram(_ process: ProcessConfiguration) throws(RuntimeFailure) -> String {
        try ProgramSearch.path(
            of: process.arguments[0], environment: process.environment, folder: process.folder)
    }

    // MARK: - The start

    private func waitForStart(
        _ process: ProcessConfiguration, _ program: String
    ) throws(RuntimeFailure) -> Never {
        let words = CStrings(process.arguments)
        let variables = CStrings(UserList.withHome(process.environment, user: process.user))
        // A container lives on when its maker ends: that is what it was made for.
        _ = atoll_prctl(ProcessOption.parentDeathSignal, 0, 0, 0)
        FaultPoint.pass(.ready)
        try channel.send(.ready)
        let gate = try StartGate.wait(channel, plan.startListener)
        do {
            FaultPoint.pass(.started)
            try plan.configuration.hooks.run(.startContainer, plan.record, .created)
            // The last word that no profile can take away.
            try gate.send(.executing)
            let confinement = Confinement(
                process: process, seccomp: plan.seccomp, keptFiles: plan.keptFiles,
                mayHaveGroups: mayHaveGroups)
            if let listener = try confinement.apply() { try gate.send(.listener, listener) }
            FaultPoint.pass(.confined)
            execve(program, words.pointers, variables.pointers)
            throw RuntimeFailure.program(process.arguments[0], errno)
        } catch {
            try? gate.send(.failed, "\(error)")
            _exit(1)
        }
    }

    private var mayHaveGroups: Bool {
        guard plan.hasUserNamespace else { return true }
        return (try? SmallFile.text("/proc/self/setgroups"))?.hasPrefix("allow") ?? true
    }
}
