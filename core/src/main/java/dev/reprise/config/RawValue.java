package dev.reprise.config;

/**
 * A value as it was given.
 *
 * @param key the path of the setting
 * @param text unparsed
 * @param origin where it was given
 */
record RawValue(String key, String text, Origin origin) {}
