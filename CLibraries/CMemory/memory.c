#define _GNU_SOURCE
#include "CMemory.h"

#ifdef __linux__

#include <link.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void memory_keep_few_heaps(void) {
  mallopt(M_ARENA_MAX, 2);
  // Given, it no longer grows with the largest block that was ever freed.
  mallopt(M_TRIM_THRESHOLD, 2 * 1024 * 1024);
}

void memory_give_back_heap(void) { malloc_trim(0); }

static int give_back(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size;
  (void)context;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    // A segment that the linker writes to and then locks is marked as writable here: its pages are not the file's.
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
    uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
    uintptr_t end = object->dlpi_addr + segment->p_vaddr + segment->p_filesz;
    madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 0;
}

void memory_give_back_code(void) { dl_iterate_phdr(give_back, NULL); }

#else

void memory_keep_few_heaps(void) {}
void memory_give_back_heap(void) {}
void memory_give_back_code(void) {}

#endif
