// Runs at the end of an install, in whatever Node did it: plain JavaScript of long ago.
// npm under an older Node skips the native package of Hardhat's EVM without a word.
const MINIMUM = [22, 13];
const agent = process.env.npm_config_user_agent || "";
const match = /node\/v(\d+)\.(\d+)/.exec(agent);
if (match !== null) {
  const major = Number(match[1]);
  const minor = Number(match[2]);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    console.error(
      "\nThis install ran under Node " +
        major +
        "." +
        minor +
        ", which Hardhat 3 does not support: its EVM was left out.\n" +
        "Run this instead; it brings its own Node 24:\n\n    npm run setup\n",
    );
    process.exit(1);
  }
}
