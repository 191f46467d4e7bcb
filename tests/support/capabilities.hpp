#pragma once
// The calling thread with a few capabilities alone, for as long as this lives.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <unistd.h>

#include <linux/capability.h>
#include <sys/syscall.h>

namespace garita::testing_support {

class OnlyCapabilities {
  public:
    OnlyCapabilities(std::initializer_list<unsigned> numbers) {
        if (syscall(SYS_capget, &header_, before_.data()) != 0) throw std::runtime_error("capget");
        auto words = before_;
        for (auto& word : words)
            word.effective = 0;
        for (const unsigned number : numbers)
            words[number / 32].effective |= 1U << number % 32;
        if (syscall(SYS_capset, &header_, words.data()) != 0) throw std::runtime_error("capset");
    }
    ~OnlyCapabilities() { (void)syscall(SYS_capset, &header_, before_.data()); }
    OnlyCapabilities(const OnlyCapabilities&) = delete;
    OnlyCapabilities& operator=(const OnlyCapabilities&) = delete;

  private:
    __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> before_{};
};

}  // namespace garita::testing_support
