"""For each task, which models may be asked and in which order. Rules come after all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from selfos.features.ai.schemas.words import AiTask, Dial, Engine
from selfos.kernel.model_settings import ProviderConfig
from selfos.kernel.settings import Settings

# Short answers to plain questions: the smallest model first, which stands last in the list.
PLAIN_TASKS = frozenset({AiTask.QUICK_ADD, AiTask.SUMMARISE, AiTask.CLASSIFY, AiTask.MODERATE})


@dataclass(frozen=True, slots=True)
class Rung:
    """One model of one provider, and what is known of it."""

    provider: str
    model: str
    config: ProviderConfig = field(compare=False)

    @property
    def name(self) -> str:
        """Return PROVIDER/MODEL."""
        return f"{self.provider}/{self.model}"

    @property
    def engine(self) -> Engine:
        """Say where the answer comes from, for the user to see."""
        return Engine.LOCAL_MODEL if self.config.local else Engine.MODEL

    @property
    def only_moderates(self) -> bool:
        """Tell whether it stands behind the endpoint for moderation, which answers nothing else."""
        return self.model in self.config.moderation_models

    @property
    def unmetered(self) -> bool:
        """Tell whether no budget can be in its way: it costs nothing, or one's own electricity."""
        return (
            self.only_moderates
            or self.config.free
            or (self.config.local and self.config.price is None)
        )

    def obeys(self, dial: Dial) -> bool:
        """Tell whether words of this dial may go there."""
        return dial is Dial.ANY or (dial is Dial.LOCAL_ONLY and self.config.local)


Chains = Mapping[AiTask, tuple[Rung, ...]]


def make_chains(settings: Settings) -> Chains:
    """Return the chain of every task: the operator's, or all models in the order of the settings.

    Raises ValueError for a chain of an unknown task, provider or model.
    """
    unknown = settings.ai_chains.keys() - set(AiTask)
    if unknown:
        raise ValueError(f"ai_chains: {min(unknown)} is no task; there are {', '.join(AiTask)}")
    return {task: tuple(_chain(settings, task)) for task in AiTask}


def _chain(settings: Settings, task: AiTask) -> Iterator[Rung]:
    if (wanted := settings.ai_chains.get(task)) is not None:
        for name in wanted:
            yield _rung(settings, task, name)
        return
    if task is AiTask.MODERATE:
        # Made for it, and free; chat models stand behind them.
        for provider, config in settings.ai_providers.items():
            for model in config.moderation_models:
                yield Rung(provider, model, config)
    for provider, config in settings.ai_providers.items():
        models = _models(config, task)
        for model in reversed(models) if task in PLAIN_TASKS else models:
            yield Rung(provider, model, config)


def _rung(settings: Settings, task: AiTask, name: str) -> Rung:
    provider, _, model = name.partition("/")
    config = settings.ai_providers.get(provider)
    if config is None:
        raise ValueError(f"ai_chains: {task} names the provider {provider}, which is not set up")
    models = _models(config, task)
    if not model and not models:
        raise ValueError(f"ai_chains: {task} names {provider}, which has no models")
    rung = Rung(provider, model or models[0], config)
    if rung.only_moderates and task is not AiTask.MODERATE:
        raise ValueError(f"ai_chains: {task} names {rung.name}, which can only moderate")
    return rung


def _models(config: ProviderConfig, task: AiTask) -> list[str]:
    return config.embedding_models if task is AiTask.EMBED else config.models
