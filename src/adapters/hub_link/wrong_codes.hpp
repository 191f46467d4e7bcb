#pragma once
// Slows down whoever guesses enrolment codes: so many wrong ones a minute from one address, and in all.

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "model/time.hpp"

namespace garita::hub_link {

class WrongCodes {
  public:
    static constexpr std::size_t most_from_one = 10;
    static constexpr std::size_t most_in_all = 300;

    /// Any thread. An IPv6 address counts as its /64.
    [[nodiscard]] bool may_try(const std::string& address, Time now);
    void count(const std::string& address, Time now);

  private:
    void begin_minute(Time now);

    std::mutex mutex_;
    Time minute_{};
    std::map<std::string, std::size_t> by_address_;  ///< bounded: counting stops at most_in_all
    std::size_t all_ = 0;
};

}  // namespace garita::hub_link
