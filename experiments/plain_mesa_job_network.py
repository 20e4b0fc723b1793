"""The job-information network as a plain Mesa model: a person is an object, contacts are references, luck is the model's generator.

What a reader of Calvo-Armengol and Jackson (2004) would write. It shares no code with careersim and is compared with it in
`bench_job_network.py` and in the tests: same unemployment within error, at another speed.
"""

from __future__ import annotations

import mesa
import networkx as nx


class Person(mesa.Agent):
    """Somebody who has a job or not, and knows some others."""

    def __init__(self, model: JobInformationNetwork) -> None:
        super().__init__(model)
        self.contacts: list[Person] = []
        self.employed = True
        self.offered = False

    def lose_job(self) -> None:
        """Every match ends with the same chance, new ones included."""
        if self.employed and self.model.random.random() < self.model.breakup:
            self.employed = False

    def hear_of_job(self) -> None:
        """Take a job heard of, or tell one contact out of work, each as likely."""
        if self.model.random.random() >= self.model.arrival:
            return
        if not self.employed:
            self.offered = True
            return
        looking = [contact for contact in self.contacts if not contact.employed]
        if looking:
            self.model.random.choice(looking).offered = True

    def take_job(self) -> None:
        """Take the job offered, if any; offers to those in work do not arise."""
        if self.offered:
            self.employed, self.offered = True, False


class JobInformationNetwork(mesa.Model):
    """People on a graph pass on news of jobs.

    Parameters
    ----------
    graph : networkx.Graph
        Who knows whom.
    arrival, breakup : float
        Chances a month of hearing of a job, and of losing one.
    rng : int
        Seed.
    """

    def __init__(self, graph: nx.Graph, arrival: float, breakup: float, rng: int = 0) -> None:
        super().__init__(rng=rng)
        self.arrival, self.breakup = arrival, breakup
        person = {node: Person(self) for node in graph.nodes}
        for one, other in graph.edges:
            person[one].contacts.append(person[other])
            person[other].contacts.append(person[one])
        self.datacollector = mesa.DataCollector({"unemployment": JobInformationNetwork.unemployment})

    def unemployment(self) -> float:
        """Share out of work."""
        return sum(not person.employed for person in self.agents) / len(self.agents)

    def step(self) -> None:
        """One month: jobs end, the state is recorded, news spreads, offers are taken."""
        self.agents.do("lose_job")
        self.datacollector.collect(self)
        self.agents.do("hear_of_job")
        self.agents.do("take_job")


if __name__ == "__main__":
    model = JobInformationNetwork(nx.cycle_graph(4000), arrival=0.1, breakup=0.015, rng=1)
    for _ in range(150):
        model.step()
    print(model.datacollector.get_model_vars_dataframe().tail(50).mean())
