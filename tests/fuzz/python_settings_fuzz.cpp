// A Python file of settings, which nobody runs, and the configuration that is made of it. Invariants: lines
// are lines of the file, and no text of it can end the YAML value that it stands in.

#include <algorithm>

#include "programs/siem_import/python_settings.hpp"
#include "programs/siem_import/siem_bot_import.hpp"
#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace garita;
    const auto text = fuzz::text_of(data, size);
    const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    const auto read = programs::read_python_settings(text);
    for (const auto& one : read.all)
        fuzz::must(one.line >= 1 && one.line <= lines && !one.name.empty());
    for (const int line : read.not_understood)
        fuzz::must(line >= 1 && line <= lines);
    programs::SiemBotMemory memory;
    memory.allowed = {-5};
    memory.last_incident_time = std::string(text.substr(0, 40));
    if (const auto made = programs::import_siem_bot(text, "settings.py", memory, "/etc/garita")) {
        fuzz::must(made->text.find('\r') == std::string::npos);
        fuzz::must(made->secrets.size() == 3);
    }
    return 0;
}
