#pragma once
// A backend on a real kernel, in a network namespace of its own.

#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "adapters/nftables/nftables_backend.hpp"
#include "contract/rule_backend/rule_backend_contract.hpp"
#include "fakes/memory_host.hpp"
#include "support/net_namespace.hpp"

namespace garita::contract {

class NftDevice final : public RuleBackendDevice {
  public:
    static std::unique_ptr<NftDevice> make(nftables::Settings settings = {}) {
        auto space = testing_support::NetNamespace::make();
        if (!space) return nullptr;
        std::unique_ptr<NftDevice> device(new NftDevice);
        device->space_ = std::move(space);
        device->space_->run([&] {
            auto opened = nftables::NftablesBackend::open(settings, device->cutter_);
            if (!opened) throw std::runtime_error(opened.error().text);
            device->backend_ = std::move(*opened);
        });
        return device;
    }

    enforce::RuleBackend& backend() override { return *backend_; }
    Time now() override { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }
    void pass(Duration span) override { std::this_thread::sleep_for(span); }
    void foreign_erase(const IpNetwork& network) override {
        ASSERT_TRUE(shell("nft delete element inet garita " +
                          nftables::set_name(nftables::Layer::of(network)) + " { " +
                          network.address().text() + " }"));
    }
    void foreign_drop_structure() override { ASSERT_TRUE(shell("nft delete table inet garita")); }

    [[nodiscard]] bool shell(const std::string& command) const { return space_->shell(command); }
    [[nodiscard]] const testing_support::NetNamespace& space() const { return *space_; }
    fakes::MemoryConnectionCutter& cutter() { return cutter_; }

  private:
    NftDevice() = default;
    std::unique_ptr<testing_support::NetNamespace> space_;
    fakes::MemoryConnectionCutter cutter_;
    std::unique_ptr<nftables::NftablesBackend> backend_;
};

}  // namespace garita::contract
