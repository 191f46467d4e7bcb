#pragma once
// A reconciler over two classes on devices in memory.

#include <map>
#include <memory>

#include <gtest/gtest.h>

#include "enforce/class_reconciler.hpp"
#include "fakes/memory_class_backend.hpp"
#include "fakes/memory_class_book.hpp"
#include "support/packed.hpp"

namespace garita::enforce {

using namespace std::chrono_literals;
using store::Lane;
using testing_support::mark_of;
using testing_support::numbered_key;
using Entries = std::map<RuleKey, RuleValue>;

inline const Error gone{ErrorCode::unavailable, "the device is away", Retry::later};

class ClassReconcilerTest : public ::testing::Test {
  protected:
    void SetUp() override { start(); }

    /// As after a start of the program; the device and the store are as they were.
    void start() {
        reconciler_ = std::make_unique<ClassReconciler>(
            ClassReconciler::World{book_, [this] { return now_ += reading_takes_; },
                                   [this](const std::string& rules, const Error& error) {
                                       troubles_.push_back(rules + ": " + error.text);
                                   }},
            "border1", std::vector<KeptClass>{access_, marks_}, options_);
    }

    /// Steps until there is nothing to do now, at most so many.
    bool settle(int steps = 300) {
        for (int i = 0; i < steps; ++i) {
            const auto next = reconciler_->step(now_);
            if (!next) return false;
            if (*next > Duration::zero()) return true;
        }
        return false;
    }
    void pass(Duration span) { now_ += span; }

    static RuleKey key(std::uint32_t number) { return numbered_key(number); }
    static RuleValue value(std::uint32_t number) { return mark_of(number); }
    void want(std::uint32_t number, std::optional<std::uint32_t> mark, Lane lane = Lane::quick) {
        book_.want("inet_access", key(number), mark ? std::optional(value(*mark)) : std::nullopt, lane);
    }
    ClassStatus status(std::size_t of = 0) { return reconciler_->status().at(of); }

    void expect_in_step() {
        EXPECT_TRUE(device_.entries() == book_.wanted_now("inet_access"));
        EXPECT_TRUE(book_.current("inet_access") == book_.wanted_now("inet_access"));
    }

    Time now_ = from_micros(1'790'000'000'000'000);
    Duration reading_takes_{0};  ///< whenever the clock is looked at
    fakes::MemoryClassBackend device_;
    fakes::MemoryClassBackend other_;
    fakes::MemoryClassBook book_;
    KeptClass access_{"inet_access", &device_};
    KeptClass marks_{"ip_mark", &other_};
    ClassReconcilerOptions options_;
    std::vector<std::string> troubles_;
    std::unique_ptr<ClassReconciler> reconciler_;
};

}  // namespace garita::enforce
