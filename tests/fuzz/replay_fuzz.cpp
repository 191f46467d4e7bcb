// An old log of any content, plain or gzip, through the source of replays and its detectors. Invariants:
// nothing throws, a damaged file is an error that names it, and no more is counted than lines were read.

#include <string>
#include <unistd.h>

#include <sys/mman.h>

#include "detect/replay.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

/// The bytes under a name that can be opened.
class NamedBytes {
  public:
    explicit NamedBytes(std::string_view bytes) : descriptor_(memfd_create("log", MFD_CLOEXEC)) {
        must(descriptor_ >= 0);
        must(::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    NamedBytes(const NamedBytes&) = delete;
    NamedBytes& operator=(const NamedBytes&) = delete;
    ~NamedBytes() { close(descriptor_); }
    [[nodiscard]] std::string name() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  private:
    int descriptor_;
};

void check(const Result<detect::ReplayReport>& report, const std::string& name) {
    if (!report) return must(report.error().text.find(name) != std::string::npos);
    must(report->matched <= report->lines);
    for (const auto& alarm : report->alarms)
        must(alarm.count > 0 && alarm.count <= report->matched && alarm.first <= alarm.last);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const NamedBytes file(fuzz::text_of(data, size));
    const std::vector<std::string> files{file.name()};
    detect::ReplayHttpErrors web;
    web.source.statuses = *detect::StatusSet::parse("4xx");
    web.threshold = 1;
    check(detect::replay_http_errors(files, web, {}), file.name());
    const auto logins = detect::replay_ssh_sessions(files, {detect::utc_zone(), {}}, {});
    if (logins) must(logins->matched <= logins->lines);
    return 0;
}
