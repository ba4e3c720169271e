#pragma once

/// Few heaps for many threads: each keeps what its busiest moment needed. To be called before there is a second thread.
void memory_keep_few_heaps(void);

/// Gives free blocks of the heap back to the system.
void memory_give_back_heap(void);

/// Lets go of the pages of the program and its libraries that nothing was ever written to. What is needed of them comes
/// back from the files, page by page.
void memory_give_back_code(void);
