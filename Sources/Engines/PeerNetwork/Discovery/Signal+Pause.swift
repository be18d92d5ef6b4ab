// SPDX-License-Identifier: Apache-2.0
import Effects

extension Signal {
    /// Waits for a raise, or so long at most.
    func wait(milliseconds: UInt64, _ effects: Effects) async {
        let timer = effects.tasks.spawn("pause") {
            await effects.time.sleep(milliseconds: milliseconds)
            guard !Task.isCancelled else { return }
            self.raise()
        }
        await wait()
        timer.cancel()
    }
}
