import CMemory

/// The memory of the running program, as the system counts it.
enum ResidentMemory {
  /// To be called before there is a second thread.
  static func keepFewHeaps() { memory_keep_few_heaps() }

  /// Relocating the program, reading the workspace and learning from it touch most pages of the program and its libraries,
  /// and leave a heap full of holes. Serving needs little of that.
  static func giveBackWhatStartingNeeded() {
    memory_give_back_heap()
    memory_give_back_code()
  }
}
