#include "runtime/config/device_text.hpp"

#include "model/ready_classes.hpp"
#include "runtime/config/build.hpp"
#include "runtime/config/param_text.hpp"
#include "runtime/config/shape.hpp"

namespace garita::runtime {
namespace {

/// As a double quoted scalar of YAML.
std::string in_quotes(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (byte < 0x20 || byte == 0x7f) {
            out += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
        } else {
            out += c;
        }
    }
    return out + '"';
}

/// A map in braces, of what is not empty.
class Map {
  public:
    void text(std::string_view key, std::string_view value) {
        if (!value.empty()) put(key, in_quotes(value));
    }
    void words(std::string_view key, const std::vector<std::string>& all) {
        std::string list;
        for (const auto& word : all)
            list += (list.empty() ? "" : ", ") + in_quotes(word);
        if (!all.empty()) put(key, "[" + list + "]");
    }
    void put(std::string_view key, const std::string& value) {
        inside_ += (inside_.empty() ? "" : ", ") + in_quotes(key) + ": " + value;
    }
    [[nodiscard]] bool empty() const { return inside_.empty(); }
    [[nodiscard]] std::string finish() const { return "{" + inside_ + "}"; }

  private:
    std::string inside_;
};

std::string connect_text(const DeviceConfig& device) {
    if (device.connect == DeviceConfig::Connect::agent) return "agent";
    if (!device.ssh) return "local";
    const bool v6 = device.ssh->host.find(':') != std::string::npos;
    return "ssh://" + device.ssh->user + "@" + (v6 ? "[" + device.ssh->host + "]" : device.ssh->host) + ":" +
           std::to_string(device.ssh->port);
}

void put_meaning(Map& map, const RuleClass& rules) {
    if (ready_class(rules.name())) return;
    Map params;
    for (const auto& spec : rules.params())
        params.put(spec.name, in_quotes(param_text(spec)));
    map.put("params", params.finish());
    map.text("value", param_text(rules.value()));
    if (rules.absent()) map.text("absent", rules.value_text(*rules.absent()));
}

std::string class_text(const DeviceClassConfig& config) {
    Map map;
    put_meaning(map, config.rules);
    map.text("backend", config.backend);
    map.text("kind", config.kind);
    map.text("table", config.table);
    map.words("add", config.add);
    map.words("change", config.change);
    map.words("delete", config.delete_);
    map.words("clear", config.clear);
    map.words("list", config.list);
    map.words("batch", config.batch);
    map.put("batch_size", std::to_string(config.batch_size));
    map.put("timeout", std::to_string(config.timeout.count()) + "s");
    Map options;
    for (const auto& [name, value] : config.options)
        options.put(name, in_quotes(value));
    if (!options.empty()) map.put("options", options.finish());
    return map.finish();
}

}  // namespace

std::string device_text(const DeviceConfig& device, const DeviceClassConfig& rules) {
    Map about;
    about.text("connect", connect_text(device));
    about.text("ssh_key", device.ssh_key);
    about.text("ssh_known_hosts", device.ssh_known_hosts);
    about.put("rules", "{" + in_quotes(rules.name()) + ": " + class_text(rules) + "}");
    Map devices;
    devices.put(device.name, about.finish());
    return "{\"hub\": {}, \"devices\": " + devices.finish() + "}";
}

Result<DeviceConfig> parse_device_text(std::string_view text) {
    const auto document = Document::parse(text, "kept device", Outside::ignore);
    if (!document.fine() || document.kind() != FileKind::hub) {
        const auto errors = document.texts(Problem::Weight::error);
        return fail(ErrorCode::invalid, errors.empty() ? std::string("no device") : errors.front());
    }
    auto devices = build_devices(Section(&document.root(), shape_of(FileKind::hub)));
    if (devices.size() != 1 || devices[0].rules.size() != 1)
        return fail(ErrorCode::invalid, "not one device with rules of one name");
    return std::move(devices[0]);
}

}  // namespace garita::runtime
