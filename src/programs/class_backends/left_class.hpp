#pragma once
// Rules that were kept and that a configuration does not name any more: what is remembered of them, and how
// what they left on a device is removed. Of hub and agent alike.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/time.hpp"
#include "programs/class_backends/class_backends.hpp"

namespace garita::programs {

/// For so long what cannot be removed is tried again.
inline constexpr Duration left_given_up_after = std::chrono::days{7};

struct LeftClass {
    runtime::DeviceConfig device;  ///< with these rules alone
    Time since{};                  ///< when it was no longer configured
    int attempts = 0;
    Time next_try{};

    [[nodiscard]] const runtime::DeviceClassConfig& rules() const { return device.rules.at(0); }
    /// "rules vip of device switch1"
    [[nodiscard]] std::string what() const;
    /// Tells it from all others.
    [[nodiscard]] std::string key() const;
    /// Counts an attempt that failed, and says when the next is due.
    void failed(Time now);
};

/// Where its entries lie: another name or setting for the same place has taken them over.
[[nodiscard]] std::string place_of(const runtime::DeviceConfig& device,
                                   const runtime::DeviceClassConfig& rules);

/// What was remembered, compared with what is configured now.
struct KeptMemory {
    std::vector<std::string> kept;        ///< device_text of what is configured
    std::vector<LeftClass> left;          ///< and of what is not any more
    std::vector<std::string> newly_left;  ///< for the log, of those which were configured until now
    std::vector<std::string> unreadable;  ///< why

    /// Those of devices that agents keep are their own matter.
    [[nodiscard]] static KeptMemory read(std::string_view memory,
                                         const std::vector<runtime::DeviceConfig>& devices, Time now);
    [[nodiscard]] std::string text() const;
};
/// To be added to the text of a memory: this one is removed.
[[nodiscard]] std::string removed_line(const LeftClass& left);

/// What came after others goes before them. The one that is due; end: none is.
[[nodiscard]] std::vector<LeftClass>::iterator next_due(std::vector<LeftClass>& left, Time now);
[[nodiscard]] Result<void> remove_left(const LeftClass& left, BackendTraces traces);

}  // namespace garita::programs
