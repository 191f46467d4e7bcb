#pragma once
// The devices whose rules of configured classes are kept from here, as whoever asks about them sees them.

#include <string>
#include <string_view>
#include <vector>

#include "enforce/class_status.hpp"
#include "model/person.hpp"
#include "model/result.hpp"

namespace garita::enforce {

struct DeviceStatus {
    std::string device;
    std::vector<ClassStatus> classes;
};

/// Any thread. not_found: it is not a device that is kept from here, or has no such rules. unavailable: the
/// device is away, or needs longer than the caller can be kept waiting; the work goes on.
class RuleKeeping {
  public:
    RuleKeeping() = default;
    RuleKeeping(const RuleKeeping&) = delete;
    RuleKeeping& operator=(const RuleKeeping&) = delete;
    virtual ~RuleKeeping() = default;

    [[nodiscard]] virtual std::vector<DeviceStatus> status() const = 0;
    using Classes = Result<std::vector<ClassStatus>>;
    /// Reads all that the device holds of these rules (empty: of all) and repairs it; the status tells what
    /// was found.
    [[nodiscard]] virtual Classes audit(const std::string& device, const std::string& rules) = 0;
    /// Replaces all that the device holds of these rules, at one instant where it can do that.
    [[nodiscard]] virtual Classes rebuild(const std::string& device, const std::string& rules) = 0;
    /// Of rules that are not configured any more and could not be removed from the device (empty: of all
    /// there): tries it no longer, and tells which they were. not_found: there are none.
    [[nodiscard]] virtual Result<std::vector<std::string>> forget(const std::string& device,
                                                                  const std::string& rules, const Actor& by) {
        (void)rules;
        (void)by;
        return fail(ErrorCode::not_found, "nothing is left behind on device " + device);
    }
};

}  // namespace garita::enforce
