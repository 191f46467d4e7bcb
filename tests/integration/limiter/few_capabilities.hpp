#pragma once
// A limiter that has no more than the two capabilities that its unit is given.

#include "contract/class_backend/forwarding_device.hpp"
#include "integration/limiter/limiter_device.hpp"
#include "support/capabilities.hpp"

namespace garita::contract {

template <typename Call>
auto with_few(Call call) {
    const testing_support::OnlyCapabilities few{CAP_NET_ADMIN, CAP_BPF};
    return call();
}

/// Every call is made with these alone; what the test does beside it is not.
class WithFew final : public enforce::ClassBackend {
  public:
    explicit WithFew(enforce::ClassBackend& backend) : backend_(backend) {}

    Result<void> prepare() override {
        return with_few([&] { return backend_.prepare(); });
    }
    Result<std::vector<enforce::ChangeFailure>> apply(
        std::span<const enforce::ClassChange> changes) override {
        return with_few([&] { return backend_.apply(changes); });
    }
    Result<void> read_back(const enforce::EntrySink& entry) override {
        return with_few([&] { return backend_.read_back(entry); });
    }
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override {
        return with_few([&] { return backend_.rebuild(all, count); });
    }
    Result<enforce::Drift> check(std::size_t count) override {
        return with_few([&] { return backend_.check(count); });
    }
    Result<void> remove_all() override {
        return with_few([&] { return backend_.remove_all(); });
    }
    [[nodiscard]] std::size_t batch_size() const override { return backend_.batch_size(); }

  private:
    enforce::ClassBackend& backend_;
};

class FewCapabilities final : public ForwardingDevice {
  public:
    explicit FewCapabilities(std::unique_ptr<LimiterDevice> device)
        : ForwardingDevice(std::move(device)), few_(forwarded()) {}
    enforce::ClassBackend& backend() override { return few_; }

  private:
    WithFew few_;
};

}  // namespace garita::contract
