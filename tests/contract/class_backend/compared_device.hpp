#pragma once
// A device whose backend compares what is there with what was believed.

#include <memory>

#include "contract/class_backend/forwarding_device.hpp"
#include "enforce/compared_backend.hpp"
#include "runtime/clock/clock.hpp"

namespace garita::contract {

/// Another's, for who wants one of its own.
class BorrowedBackend final : public enforce::ClassBackend {
  public:
    explicit BorrowedBackend(enforce::ClassBackend& backend) : backend_(backend) {}
    Result<void> prepare() override { return backend_.prepare(); }
    Result<std::vector<enforce::ChangeFailure>> apply(
        std::span<const enforce::ClassChange> changes) override {
        return backend_.apply(changes);
    }
    Result<void> read_back(const enforce::EntrySink& entry) override { return backend_.read_back(entry); }
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override {
        return backend_.rebuild(all, count);
    }
    Result<enforce::Drift> check(std::size_t count) override { return backend_.check(count); }
    Result<void> remove_all() override { return backend_.remove_all(); }
    [[nodiscard]] std::size_t batch_size() const override { return backend_.batch_size(); }

  private:
    enforce::ClassBackend& backend_;
};

class ComparedDevice final : public ForwardingDevice {
  public:
    /// Null where there is no such device.
    static std::unique_ptr<ClassDevice> make(std::unique_ptr<ClassDevice> device) {
        if (!device) return nullptr;
        std::unique_ptr<ComparedDevice> made(new ComparedDevice(std::move(device)));
        const bool read =
            made->backend_.prepare() && made->backend_.read_back([](const auto&, const auto&) {});
        EXPECT_TRUE(read);
        return made;
    }

    enforce::ClassBackend& backend() override { return backend_; }
    [[nodiscard]] bool sees_drift() const override { return true; }

  private:
    explicit ComparedDevice(std::unique_ptr<ClassDevice> device)
        : ForwardingDevice(std::move(device)),
          backend_(std::make_unique<BorrowedBackend>(forwarded()), runtime::system_now,
                   {0, std::chrono::hours(1)}) {}

    enforce::ComparedBackend backend_;
};

}  // namespace garita::contract
