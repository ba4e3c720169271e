import CMemory
import ServiceLifecycle

/// The memory of the running program, as the system counts it.
enum ResidentMemory {
  /// To be called before there is a second thread.
  static func keepFewHeaps() { memory_keep_few_heaps() }

  /// Relocating the program, reading the workspace and learning from it touch most pages of the program and its libraries,
  /// and leave a heap full of holes. Serving needs little of that. What it needs is read again, from where the system
  /// keeps it: some milliseconds in all.
  static func giveBack() {
    memory_give_back_heap()
    memory_give_back_code()
  }

  /// Gives back soon after the start, whose last steps are those of the services themselves, and less and less often
  /// after that: a first question, a workspace that is read anew or a report is a small start of its own.
  struct Keeper: Service {
    func run() async {
      await cancelWhenGracefulShutdown {
        var pause = Duration.seconds(3)
        while (try? await Task.sleep(for: pause)) != nil {
          giveBack()
          pause = min(pause * 2, .seconds(60))
        }
      }
    }
  }
}
