#pragma once
// Memory for tables that are read at random: from a few mebibytes on in huge pages where the kernel has them,
// because otherwise most look-ups also miss the translation of their address.

#include <cstddef>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace garita::detect {

template <typename T>
class BigTableAllocator {
  public:
    using value_type = T;
    BigTableAllocator() = default;
    template <typename U>
    explicit BigTableAllocator(const BigTableAllocator<U>&) {}

    [[nodiscard]] T* allocate(std::size_t count) {
        const std::size_t bytes = count * sizeof(T);
        const bool big = bytes >= 2 * huge_page;
        const std::size_t alignment = big ? huge_page : alignof(std::max_align_t);
        void* memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
        if (memory == nullptr) throw std::bad_alloc();
        if (big) (void)madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t) noexcept { std::free(memory); }
    friend bool operator==(const BigTableAllocator&, const BigTableAllocator&) { return true; }

  private:
    static constexpr std::size_t huge_page = std::size_t{2} << 20;
};

}  // namespace garita::detect
