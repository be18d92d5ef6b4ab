// SPDX-License-Identifier: Apache-2.0
// What compiled Swift expects from a C library: memory, and moving bytes about.
#include <stddef.h>
#include <stdint.h>

extern unsigned char __heap_base;

// Blocks are powers of two from 32 bytes, each after a header with its class; a freed block goes
// to its class's list and is the next one given out.
enum { PAGE = 65536, HEADER = 16, CLASSES = 32, SMALLEST = 5 };
struct block { struct block *next; };
static struct block *freed[CLASSES];
static uintptr_t top;

static void *take(size_t size)
{
    if (!top)
        top = ((uintptr_t)&__heap_base + HEADER - 1) & ~(uintptr_t)(HEADER - 1);
    uintptr_t have = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE;
    if (size > UINTPTR_MAX - top - PAGE)
        __builtin_trap();
    if (top + size > have) {
        size_t pages = (top + size - have + PAGE - 1) / PAGE;
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1)
            __builtin_trap();
    }
    void *place = (void *)top;
    top += size;
    return place;
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    if (alignment > HEADER || size > UINTPTR_MAX / 4)
        return 22;
    unsigned class = SMALLEST;
    while (((size_t)1 << class) < size + HEADER)
        class++;
    struct block *block = freed[class];
    if (block)
        freed[class] = block->next;
    else {
        unsigned char *raw = take((size_t)1 << class);
        *(unsigned *)raw = class;
        block = (struct block *)(raw + HEADER);
    }
    *out = block;
    return 0;
}

void free(void *pointer)
{
    if (!pointer)
        return;
    unsigned class = *(unsigned *)((unsigned char *)pointer - HEADER);
    struct block *block = pointer;
    block->next = freed[class];
    freed[class] = block;
}

// The compiler turns these two into the instructions memory.fill and memory.copy.
void *memset(void *to, int byte, size_t count) { return __builtin_memset(to, byte, count); }

void *memmove(void *to, const void *from, size_t count)
{
    return __builtin_memmove(to, from, count);
}

void *memcpy(void *to, const void *from, size_t count)
{
    return memmove(to, from, count);
}

int memcmp(const void *left, const void *right, size_t count)
{
    const unsigned char *one = left, *other = right;
    for (; count--; one++, other++)
        if (*one != *other)
            return *one - *other;
    return 0;
}

__attribute__((import_module("wasi_snapshot_preview1"), import_name("random_get")))
int wasi_random_get(void *to, size_t count);

void arc4random_buf(void *to, size_t count)
{
    if (wasi_random_get(to, count))
        __builtin_trap();
}
