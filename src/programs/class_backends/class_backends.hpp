#pragma once
// From what the configuration says of a device's rules to what carries them out.

#include <memory>

#include "adapters/nft_classes/nft_class.hpp"
#include "adapters/nft_classes/table.hpp"
#include "enforce/class_keeper.hpp"
#include "enforce/traced_backend.hpp"
#include "programs/class_backends/device_programs.hpp"
#include "runtime/config/device_config.hpp"

namespace garita::programs {

/// The kernel's part of a class. The error names what it cannot hold, and the setting.
[[nodiscard]] Result<nft_classes::NftClass> nft_class(const runtime::DeviceClassConfig& config);

/// An option that lists names: "a, b".
[[nodiscard]] std::vector<std::string> names_of_option(const runtime::DeviceClassConfig& config,
                                                       std::string_view option);

/// Who is told of what is sent to a device.
struct BackendTraces {
    runtime::CommandTrace commands{};
    /// What tells of one class; may give nothing.
    std::function<enforce::TracedBackend::Sink(const runtime::DeviceClassConfig&)> calls{};
};

/// What the reconciler has to know of a class; its backend is still to be named.
[[nodiscard]] Result<enforce::KeptClass> kept_class(const runtime::DeviceClassConfig& config);
/// Whether nobody could tell what of it is on its device: what is left there has to be removed by hand.
[[nodiscard]] bool cannot_be_removed(const runtime::DeviceClassConfig& config);
/// Whether it is kept by programs that have to be run, and not by netlink alone.
[[nodiscard]] bool needs_programs(const runtime::DeviceClassConfig& config);

/// Backends of one device; what they share lives as long as this.
class ClassBackends {
  public:
    explicit ClassBackends(const runtime::DeviceConfig& device, BackendTraces traces = {})
        : device_(device), programs_(device, std::move(traces.commands)), calls_(std::move(traces.calls)) {}
    ClassBackends(const ClassBackends&) = delete;
    ClassBackends& operator=(const ClassBackends&) = delete;

    /// For one of the device's classes. invalid: the configuration asks for what cannot be.
    [[nodiscard]] Result<enforce::KeptClass> make(const runtime::DeviceClassConfig& config);

  private:
    Result<std::unique_ptr<enforce::ClassBackend>> make_backend(const runtime::DeviceClassConfig& config);
    Result<std::unique_ptr<enforce::ClassBackend>> make_nftables(const runtime::DeviceClassConfig& config);
    static Result<std::unique_ptr<enforce::ClassBackend>> make_limiter(
        const runtime::DeviceClassConfig& config);
    static Result<std::unique_ptr<enforce::ClassBackend>> make_tc(const runtime::DeviceClassConfig& config);

    const runtime::DeviceConfig& device_;
    DevicePrograms programs_;
    std::function<enforce::TracedBackend::Sink(const runtime::DeviceClassConfig&)> calls_;
    std::shared_ptr<nft_classes::NftTable> table_;
    std::vector<std::unique_ptr<enforce::ClassBackend>> backends_;
};

}  // namespace garita::programs
