package dev.reprise.config;

/**
 * A flag as it was given.
 *
 * @param setting the setting that the flag belongs to
 * @param name the flag as written
 * @param text the value, unparsed
 */
public record FlagValue(Setting<?> setting, String name, String text) {}
